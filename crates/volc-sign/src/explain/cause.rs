//! The reasons for which signatures fail, one row each.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::kind::{kind_of_error, kind_of_field};
use super::{CauseKind, RequestField};
use crate::{SignError, SigningTime, VerifyError};

/// Defines [`Cause`] from rows of `Variant { field: Type = example }, kind, sentence;`, so that the
/// enum, its kinds, its sentences and its examples cannot diverge.
macro_rules! causes {
    ($($name:ident $({ $($field:ident: $type:ty = $example:expr),+ })?, $kind:expr, $sentence:literal;)+) => {
        /// One mistake that made, or can have made, a signature fail.
        ///
        /// Displays as an English sentence without a full stop. Programs that speak another
        /// language translate by variant; [`examples`](Self::examples) lets them test that they
        /// have all of them.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Cause {
            $(
                #[doc = concat!("\"", $sentence, "\"")]
                $name $({ $(#[doc = concat!("The value for `", stringify!($field), "`.")] $field: $type),+ })?,
            )+
        }

        impl Cause {
            /// The part of the signature this is about.
            pub fn kind(&self) -> CauseKind {
                #[expect(unused_variables, reason = "few kinds depend on a value")]
                match self {
                    $(Self::$name $({ $($field),+ })? => $kind,)+
                }
            }

            /// One value of each variant, with made-up fields.
            pub fn examples() -> Vec<Self> {
                Vec::from([$(Self::$name $({ $($field: $example),+ })?),+])
            }
        }

        impl fmt::Display for Cause {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name $({ $($field),+ })? => write!(f, $sentence),)+
                }
            }
        }
    };
}

causes! {
    // Seen without trying anything.
    Refused { error: VerifyError = VerifyError::SignatureMismatch }, kind_of_error(error), "{error}";
    NoClearForm { reason: SignError = SignError::Semicolon },
        kind_of_error(&VerifyError::Unclear(reason.clone())), "{reason}";
    AccessKeyMismatch { access_key_id: String = "AKLTEXAMPLE".to_owned() }, CauseKind::AccessKey,
        "the request names access key {access_key_id:?}";
    ClockSkew { signed_at: SigningTime = SigningTime::EPOCH, now: SigningTime = SigningTime::EPOCH }, CauseKind::Clock,
        "signed at {signed_at}, but this machine's clock says {now}";
    LocalTimeAsUtc { signed_at: SigningTime = SigningTime::EPOCH, now: SigningTime = SigningTime::EPOCH, minutes: i64 = 480 },
        CauseKind::Date,
        "local time was written as UTC, or UTC was converted again: signed at {signed_at}, which is {minutes} min from this machine's {now}";
    TokenMissing, CauseKind::Token, "the key is temporary, but no session token was sent";
    TokenMismatch, CauseKind::Token, "a different session token was sent";

    // Reported by the server.
    ReportedField { field: RequestField = RequestField::Path }, kind_of_field(field), "the server has a different {field}";
    ReportedAlgorithm, CauseKind::Claims, "the server's string to sign has a different algorithm";
    ReportedTime, CauseKind::Date, "the server's string to sign has a different time";
    ReportedScope, CauseKind::Region, "the server's string to sign has a different scope";
    ReportedHash, CauseKind::Unknown,
        "the server's string to sign has a different hash of the canonical request";

    // Found by trying: the body.
    BodyChanged, CauseKind::Body, "the body does not match the X-Content-Sha256 that was signed";
    BodySignedAnyway, CauseKind::Body, "the body was signed, although X-NotSignBody is set";
    EmptyBodySigned, CauseKind::Body, "an empty body was signed";
    BodyNotHashed, CauseKind::Body, "UNSIGNED-PAYLOAD was signed in place of the body's hash";
    BodyTrimmed, CauseKind::Body, "the body was signed without the whitespace at its end";
    BodyWithNewline, CauseKind::Body, "the body was signed with a trailing newline";
    BodyLineEndings, CauseKind::Body, "the body was signed with different line endings";
    BodyWhitespace, CauseKind::Body, "the body was signed with different whitespace";

    // The host, headers and the method.
    HostSigned { host: String = "example.com:443".to_owned() }, CauseKind::Host, "{host} was signed";
    ContentTypeSigned { value: String = "text/plain".to_owned() }, CauseKind::ContentType, "{value:?} was signed";
    WhitespaceCollapsed, CauseKind::HeaderValue, "runs of whitespace were collapsed to one space";
    ValuesNotTrimmed, CauseKind::HeaderValue, "values were not trimmed";
    OnlyFirstHeader, CauseKind::HeaderValue, "only the first of repeated headers was signed";
    OnlyLastHeader, CauseKind::HeaderValue, "only the last of repeated headers was signed";
    HeadersJoined, CauseKind::HeaderValue, "repeated headers were joined";
    HeadersSortedAndJoined, CauseKind::HeaderValue, "repeated headers were sorted and joined";
    HeaderLinesSorted, CauseKind::SignedHeaders, "the header lines were sorted, but not the list of signed headers";
    ListSorted, CauseKind::SignedHeaders, "the list of signed headers was sorted before it was signed, but not when it was sent";
    MethodSigned { method: String = "GET".to_owned() }, CauseKind::Method, "{method} was signed";

    // The secret.
    SecretTrimmed, CauseKind::Secret, "the secret was used without the whitespace around it";
    SecretWithoutPadding, CauseKind::Secret, "the secret was used without its trailing equals signs";
    SecretWithAws4, CauseKind::Secret, "the secret was used with the prefix AWS4";
    AccessKeyIdAsSecret, CauseKind::Secret, "the access key id was used as the secret";
    SecretEmpty, CauseKind::Secret, "an empty secret was used";
    SecretWithTrailingWhitespace, CauseKind::Secret, "the secret was used with trailing whitespace";
    SecretWithLeadingWhitespace, CauseKind::Secret, "the secret was used with leading whitespace";
    SecretQuoted, CauseKind::Secret, "the secret was used with quotes around it";
    SecretDecoded, CauseKind::Secret, "the secret was base64-decoded";

    // The scope and the time.
    RegionAndServiceSwapped, CauseKind::Region, "region and service were swapped when the key was derived";
    RegionSigned { region: String = "cn-beijing".to_owned(), scope: String = "cn-shanghai".to_owned() }, CauseKind::Region,
        "the scope names region {scope:?}; with {region:?} the signature is valid";
    ServiceSigned { service: String = "ark".to_owned(), scope: String = "iam".to_owned() }, CauseKind::Service,
        "the scope names service {scope:?}; with {service:?} the signature is valid";
    KeyOfAnotherDay { date: String = "20241119".to_owned() }, CauseKind::Date, "the key was derived for {date}";
    AnotherTimeSigned { time: SigningTime = SigningTime::EPOCH }, CauseKind::Date, "the string to sign was made for {time}";

    // The path.
    PathEncodedTwice, CauseKind::Path, "the path was encoded twice";
    PathEncodedTwiceAndCollapsed, CauseKind::Path, "the path was encoded twice and its leading slashes were collapsed";
    PathSlashDecoded, CauseKind::Path, "an encoded slash was decoded to a slash";
    PathRaw, CauseKind::Path, "the path was signed as raw text";
    PathNotSigned, CauseKind::Path, "the path was not signed";
    PathEmpty, CauseKind::Path, "an empty path was not signed as a slash";
    PathDotsResolved, CauseKind::Path, "dot segments were resolved";
    PathReservedKept, CauseKind::Path, "reserved characters in the path were not encoded";
    PathSlashesCollapsed, CauseKind::Path, "leading slashes of the path were collapsed";
    PathTrailingSlashDropped, CauseKind::Path, "the trailing slash of the path was dropped";

    // The order of the query.
    QuerySortedEncoded, CauseKind::QueryOrder, "names and values were sorted after they were encoded";
    QuerySortedAsUtf16, CauseKind::QueryOrder, "names were sorted as UTF-16";
    QueryValuesSortedEncoded, CauseKind::QueryOrder, "values of equal names were sorted after they were encoded";
    QueryValuesSorted, CauseKind::QueryOrder, "values of equal names were sorted";
    QueryNotSorted, CauseKind::QueryOrder, "the query was not sorted";
    OnlyLastParameter, CauseKind::QueryOrder, "only the last of equal names was signed";
    NamelessParameterOmitted, CauseKind::QueryOrder, "a parameter without a name was left out";
    EmptyParametersOmitted, CauseKind::QueryOrder, "parameters without a value were left out";
    InvalidParametersOmitted, CauseKind::QueryOrder, "parameters with an invalid escape or a semicolon were left out";
    EmptyPiecesSigned, CauseKind::QueryOrder, "empty pieces between ampersands were signed as parameters";
    QueryNotSigned, CauseKind::QueryOrder, "the query was not signed";
    UnlistedParametersSigned, CauseKind::QueryOrder, "parameters that X-SignedQueries does not name were signed";
    SignedQueriesNotSigned, CauseKind::QueryOrder, "X-SignedQueries names itself but was not signed";

    // The encoding of the query.
    QueryRaw, CauseKind::QueryEncoding, "the query was signed as raw text";
    PlusKept, CauseKind::QueryEncoding, "a plus sign was signed as itself and not as a space";
    QueryEncodedTwice, CauseKind::QueryEncoding, "the query was encoded twice";
    EqualsSignOmitted, CauseKind::QueryEncoding, "parameters without a value were signed without their equals sign";
    SpacesAsPlus, CauseKind::QueryEncoding, "spaces were signed as plus signs";
    SubDelimitersKept, CauseKind::QueryEncoding, "the characters ! ' ( ) * were not encoded";
    QueryAsForm, CauseKind::QueryEncoding, "the query was encoded as a form: + for a space, * plain, ~ encoded";
    TildeEncoded, CauseKind::QueryEncoding, "the tilde was encoded";
    SlashKept, CauseKind::QueryEncoding, "the slash was not encoded";
    EscapesInLowerCase, CauseKind::QueryEncoding, "escapes were written in lower case";
    QueryNotEncoded, CauseKind::QueryEncoding, "the query was not encoded";

    // The key and the texts as a whole.
    KeyThroughHex, CauseKind::SigningKey, "the key was derived from hex digits between the steps, and not from bytes";
    KeyWithoutRequest, CauseKind::SigningKey, "the key was derived without the last step, request";
    AwsTerminatorSigned, CauseKind::SigningKey, "aws4_request was signed in place of request";
    CanonicalNotHashed, CauseKind::Layout, "the canonical request itself was put into the string to sign, and not its hash";
    HashInUpperCase, CauseKind::Layout, "the hash of the canonical request was written in upper case";
    CanonicalWithNewline, CauseKind::Layout, "the canonical request was signed with a newline at its end";
    StringWithNewline, CauseKind::Layout, "the string to sign was signed with a newline at its end";
    CarriageReturns, CauseKind::Layout, "lines were joined with CRLF";
    BlankLineMissing, CauseKind::Layout, "the blank line between the headers and their list is missing";
    HeaderNamesAsTyped, CauseKind::Layout, "header names were signed with capitals";
    AmpersandEscaped, CauseKind::Layout, "the ampersands of the query were signed as &amp;";

    // Changed after signing.
    HashChanged, CauseKind::Body, "X-Content-Sha256 was changed after signing; with the hash of the body the signature is valid";
    DateChanged { time: SigningTime = SigningTime::EPOCH }, CauseKind::Date,
        "X-Date was changed after signing; with {time} the signature is valid";
    ScopeDateChanged { date: String = "20241119".to_owned() }, CauseKind::Date,
        "the date of the scope was changed after signing; with {date} the signature is valid";
    NameAdded { name: String = "content-type".to_owned() }, CauseKind::SignedHeaders,
        "{name} was added to SignedHeaders after signing; without it the signature is valid";
    NameRemoved { name: String = "content-type".to_owned() }, CauseKind::SignedHeaders,
        "{name} was taken out of SignedHeaders after signing; with it the signature is valid";

    // Not found.
    DateOrSecret, CauseKind::Date, "X-Date was changed after signing, or the secret is a different one: no known mistake gives this signature";
    NoKnownMistake, CauseKind::Unknown,
        "no known mistake gives this signature: the secret is a different one, or a signed part was changed on the way";
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn every_cause_has_a_sentence_of_its_own() {
        let sentences: BTreeSet<String> =
            Cause::examples().iter().map(ToString::to_string).collect();
        assert_eq!(sentences.len(), Cause::examples().len());
        for sentence in sentences {
            assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{sentence}");
        }
    }
}
