//! Headers that were given although signing makes them too: they agree with it, or signing would
//! not cover what is sent.

use volc_sign::{Credentials, SigningTime};

use crate::error::CliError;
use crate::request::{GivenRequest, Header};
use crate::text;

const MADE: [&str; 5] = ["Host", "X-Date", "X-Content-Sha256", "X-Security-Token", "Authorization"];

/// Looks at the date, the body's hash and the token. What Host is, the signer itself compares with
/// the URL.
pub(super) fn check(
    given: &GivenRequest,
    time: SigningTime,
    keys: &Credentials,
) -> Result<(), CliError> {
    for name in MADE {
        if given.headers.iter().filter(|header| header.is(name)).count() > 1 {
            return Err(CliError::usage(text!("-H {name} is given twice", "-H {name} 给出了两次"))
                .with_hint(text!(
                    "give it once or leave it out: signing adds it",
                    "请只给一次，或不给：签名时会自动添加"
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

/// A signature that was given is the one that was made.
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
            "-H '{header}' is not the signature",
            "-H '{header}' 不是该请求的签名"
        ))
        .with_hint(text!(
            "leave it out: signing adds {made:?}; `ark-usage explain` compares",
            "请去掉它：签名时会添加 {made:?}；可用 `ark-usage explain` 比较"
        ))),
        None => Err(CliError::usage(text!(
            "-H '{header}': a request with a presigned URL has no such header",
            "-H '{header}'：使用预签名 URL 的请求没有这个请求头"
        ))
        .with_hint(text!("leave it out, or leave out --presign", "请去掉它，或去掉 --presign"))),
    }
}

fn check_date(header: &Header, time: SigningTime) -> Result<(), CliError> {
    if !header.is("X-Date") || header.value == time.to_string() {
        return Ok(());
    }
    let value = &header.value;
    Err(CliError::usage(text!(
        "-H '{header}' is not the time of signing",
        "-H '{header}' 不是签名时间"
    ))
    .with_hint(text!(
        "sign at that time with --now {value}, or write {time}, or leave it out: signing adds it",
        "请用 --now {value} 按该时间签名，或写成 {time}，或不给：签名时会自动添加"
    )))
}

fn check_hash(header: &Header, given: &GivenRequest) -> Result<(), CliError> {
    let hash = given.payload_hash().to_string();
    if !header.is("X-Content-Sha256") || header.value == hash {
        return Ok(());
    }
    Err(CliError::usage(text!(
        "-H '{header}' is not the hash of the body",
        "-H '{header}' 不是请求体的哈希"
    ))
    .with_hint(text!(
        "this body of {bytes} bytes has the hash {hash}; leave the header out: signing adds it",
        "这个 {bytes} 字节的请求体的哈希是 {hash}；请去掉该请求头：签名时会自动添加",
        bytes = given.body.bytes.len()
    )))
}

/// Neither token is repeated: they are as good as keys.
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
            "{shown} is not the token of the keys in use",
            "{shown} 不是所用密钥的令牌";
            shown = shown
        ))
        .with_hint(text!(
            "leave it out: signing adds the one in VOLCENGINE_SESSION_TOKEN",
            "请去掉它：签名时会添加 VOLCENGINE_SESSION_TOKEN 中的令牌"
        ))),
        None => Err(CliError::usage(text!(
            "{shown}, but the keys in use have no token",
            "{shown}，但所用密钥没有令牌";
            shown = shown
        ))
        .with_hint(text!(
            "set VOLCENGINE_SESSION_TOKEN to it and leave it out: signing adds it",
            "请把它放入 VOLCENGINE_SESSION_TOKEN 并去掉该请求头：签名时会自动添加"
        ))),
    }
}
