//! Given headers that signing sets too: they must agree with it, or the signature would not cover
//! the request as it is sent.

use ark_usage_report::text;
use volc_sign::{Credentials, SigningTime};

use crate::error::CliError;
use crate::request::{GivenRequest, Header};

const SIGNING_HEADERS: [&str; 5] =
    ["Host", "X-Date", "X-Content-Sha256", "X-Security-Token", "Authorization"];

/// Checks the date, the hash of the body and the token. The signer itself compares Host with the URL.
pub(super) fn check(
    given: &GivenRequest,
    time: SigningTime,
    keys: &Credentials,
) -> Result<(), CliError> {
    for name in SIGNING_HEADERS {
        if given.headers.iter().filter(|header| header.is(name)).count() > 1 {
            return Err(CliError::usage(text!("-H {name}: given twice", "-H {name}：给出了两次"))
                .with_hint(text!(
                    "pass it once or remove it: signing adds it",
                    "请只给一次，或去掉：签名时会自动添加"
                )));
        }
    }
    for header in &given.headers {
        check_date(header, time)?;
        check_hash(header, given)?;
        check_token(header, keys)?;
    }
    Ok(())
}

/// Checks that a given signature equals the computed one.
pub(super) fn check_authorization(
    given: &GivenRequest,
    made: Option<&str>,
) -> Result<(), CliError> {
    let Some(header) = given.headers.iter().find(|header| header.is("Authorization")) else {
        return Ok(());
    };
    match made {
        Some(made) if made == header.value => Ok(()),
        Some(made) => Err(CliError::usage(text!(
            "-H '{header}': not the signature of this request",
            "-H '{header}'：不是该请求的签名"
        ))
        .with_hint(text!(
            "remove it: signing adds {made:?}; compare with `ark-usage explain`",
            "请去掉它：签名时会添加 {made:?}；可用 `ark-usage explain` 比较"
        ))),
        None => Err(CliError::usage(text!(
            "-H '{header}': cannot be used with --presign",
            "-H '{header}'：不能与 --presign 同用"
        ))
        .with_hint(text!("remove one of them", "请去掉其中一个"))),
    }
}

fn check_date(header: &Header, time: SigningTime) -> Result<(), CliError> {
    if !header.is("X-Date") || header.value == time.to_string() {
        return Ok(());
    }
    let value = &header.value;
    Err(CliError::usage(text!(
        "-H '{header}': not the time of signing",
        "-H '{header}'：不是签名时间"
    ))
    .with_hint(text!(
        "sign at that time with --now {value}, use {time}, or remove it: signing adds it",
        "请用 --now {value} 按该时间签名，或写成 {time}，或去掉：签名时会自动添加"
    )))
}

fn check_hash(header: &Header, given: &GivenRequest) -> Result<(), CliError> {
    let hash = given.payload_hash().to_string();
    if !header.is("X-Content-Sha256") || header.value == hash {
        return Ok(());
    }
    Err(CliError::usage(text!(
        "-H '{header}': not the hash of the body",
        "-H '{header}'：不是请求体的哈希"
    ))
    .with_hint(text!(
        "the body ({bytes} bytes) has the hash {hash}; remove the header: signing adds it",
        "这个 {bytes} 字节的请求体的哈希是 {hash}；请去掉该请求头：签名时会自动添加",
        bytes = given.body.bytes.len()
    )))
}

/// Checks the token without printing it: it is a secret.
fn check_token(header: &Header, keys: &Credentials) -> Result<(), CliError> {
    if !header.is("X-Security-Token") {
        return Ok(());
    }
    let shown = text!(
        "-H 'X-Security-Token: (masked, {length} characters)'",
        "-H 'X-Security-Token: （已隐藏，{length} 个字符）'",
        length = header.value.len()
    );
    match keys.session_token() {
        Some(token) if token.expose() == header.value => Ok(()),
        Some(_) => Err(CliError::usage(text!(
            "{shown}: not the token of the current credentials",
            "{shown}：不是当前密钥的令牌";
            shown = shown
        ))
        .with_hint(text!(
            "remove it: signing adds the one of VOLCENGINE_SESSION_TOKEN",
            "请去掉它：签名时会添加 VOLCENGINE_SESSION_TOKEN 中的令牌"
        ))),
        None => Err(CliError::usage(text!(
            "{shown}: the current credentials have no token",
            "{shown}：当前密钥没有令牌";
            shown = shown
        ))
        .with_hint(text!(
            "set VOLCENGINE_SESSION_TOKEN instead: signing adds the header",
            "请改用 VOLCENGINE_SESSION_TOKEN：签名时会自动添加该请求头"
        ))),
    }
}
