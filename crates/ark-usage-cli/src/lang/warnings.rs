//! Warnings of the model in Chinese, by their code.

use ark_usage_model::Warning;
use ark_usage_report::text;

use super::Text;

/// Returns code and text of a warning. The Chinese text explains the code and quotes the details.
pub(crate) fn model_warning(warning: &Warning) -> (&'static str, Text) {
    (warning.code, of_code(warning.code, &warning.message))
}

fn of_code(code: &str, message: &str) -> Text {
    let zh = match code {
        "absent_column" => "应答缺少某些列，这些值未知",
        "clock_skew" => "本机时钟与服务端不一致，已按服务端时间签名",
        "contradiction" => "同一应答中同一时间段出现两个不同的值，已采用后者",
        "not_additive" => "该指标按多批推理接入点分别返回，各批的值不能相加",
        "outside_range" => "应答中有查询范围之外的时刻，已忽略",
        "overflow" => "求和超出 64 位整数",
        "partial_sum" => "该合计缺少部分推理接入点的数据",
        "parts_exceed_whole" => "各部分相加多于合计，其差额为负并列为未归属",
        "repeated_row" => "同一应答中同一时间段出现两次，只计一次",
        "revised" => "两次应答的值不同，已采用较晚的一次",
        "row_count" => "应答的行数与 DataCount 不符",
        "row_length" => "应答中有一行的单元格数与列数不符，已忽略",
        "unaligned_bucket" => "应答中有不是时间段起点的时刻，已忽略",
        "unclear_tags" => "带更多标签的数据相加不等于合计，已以标签最少的为合计",
        "unreadable_cell" => "应答中有无法识别的单元格，其值未知",
        "unreadable_row" => "应答中有一行的时间无法识别，已忽略",
        "unreadable_value" => "应答中有不是 0 到 2^63-1 之间整数的值，或一处写了两个值，已忽略",
        _ => return Text::same(message.to_owned()),
    };
    let (en_hint, zh_hint) = match code {
        "parts_exceed_whole" => {
            ("; ark-usage reconcile shows where", "；可用 ark-usage reconcile 查看差异")
        }
        _ => ("", ""),
    };
    text!("{message}{en_hint}", "{zh}（{message}）{zh_hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn the_code_is_explained_in_chinese_and_details_are_quoted() {
        let text = of_code("overflow", "x of target 0");
        assert_eq!(text.in_lang(Lang::En), "x of target 0");
        assert_eq!(text.in_lang(Lang::Zh), "求和超出 64 位整数（x of target 0）");
    }
}
