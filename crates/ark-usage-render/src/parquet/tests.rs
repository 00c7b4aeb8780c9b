//! What is written is read again by the library.

use super::*;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;

const COLUMNS: [ParquetColumn; 3] = [
    ParquetColumn { name: "start", kind: ColumnKind::Time },
    ParquetColumn { name: "project", kind: ColumnKind::Text },
    ParquetColumn { name: "value", kind: ColumnKind::Integer },
];

fn read(file: Vec<u8>) -> SerializedFileReader<bytes::Bytes> {
    SerializedFileReader::new(bytes::Bytes::from(file)).unwrap()
}

#[test]
fn texts_times_and_the_largest_numbers_are_kept_and_null_stays_null() {
    let mut writer = ParquetWriter::new(Vec::new(), &COLUMNS).unwrap();
    let text = |text: &'static str| CellValue::Text(Cow::Borrowed(text));
    writer
        .row([CellValue::Time(1_731_945_600), text("检索"), CellValue::Integer(i64::MAX)])
        .unwrap();
    writer.row([CellValue::Time(0), CellValue::Null, CellValue::Integer(0)]).unwrap();
    writer.row([CellValue::Null, text(""), CellValue::Null]).unwrap();
    let reader = read(writer.finish().unwrap());
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].get_timestamp_micros(0).unwrap(), 1_731_945_600_000_000);
    assert_eq!(rows[0].get_string(1).unwrap(), "检索");
    assert_eq!(rows[0].get_long(2).unwrap(), i64::MAX);
    let is_null = |row: usize, column| {
        matches!(rows[row].get_column_iter().nth(column), Some((_, parquet::record::Field::Null)))
    };
    assert!(is_null(1, 1) && is_null(2, 0) && is_null(2, 2));
    assert_eq!((rows[1].get_long(2).unwrap(), rows[2].get_string(1).unwrap().as_str()), (0, ""));
}

#[test]
fn a_point_takes_less_than_six_bytes_and_groups_are_bounded() {
    let mut writer = ParquetWriter::new(Vec::new(), &COLUMNS).unwrap();
    let (mut count, mut random) = (0, volc_openapi::SplitMix64::new(7));
    for endpoint in 0..40 {
        for hour in 0..8_760 {
            let value = i64::try_from(random.next_u64() % 20_000_000).unwrap();
            let project = CellValue::Text(format!("ep-20241119{endpoint:06}-abcde").into());
            let start = CellValue::Time(1_704_067_200 + hour * 3_600);
            writer.row([start, project, CellValue::Integer(value)]).unwrap();
            count += 1;
        }
    }
    let file = writer.finish().unwrap();
    assert!(file.len() < count * 6, "{} bytes a point", file.len() / count);
    let reader = read(file);
    assert_eq!(reader.num_row_groups(), 3);
    let rows = reader.metadata().file_metadata().num_rows();
    assert_eq!(usize::try_from(rows).unwrap(), count);
}

#[test]
fn names_of_columns_are_those_of_rows_and_each_is_there_once() {
    let columns = parquet_columns();
    let names: std::collections::BTreeSet<_> = columns.iter().map(|column| column.name).collect();
    assert_eq!(names.len(), columns.len());
    let every = ROW_FIELDS.iter().map(|field| field.name);
    assert!(every.filter(|name| !TIMES_AGAIN.contains(name)).all(|name| names.contains(name)));
    assert!(names.contains(CURRENCY));
    let times = ROW_FIELDS.iter().filter(|field| field.kind == FieldKind::Time);
    assert_eq!(times.map(|field| field.name).collect::<Vec<_>>(), ["start", "end", "fetched_at"]);
}
