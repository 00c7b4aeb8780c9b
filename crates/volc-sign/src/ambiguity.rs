//! The choice for requests on which official signers disagree.

/// The treatment of the few shapes that official signers sign in different ways.
///
/// The shapes are: `%2F`, an invalid escape or escapes that are no UTF-8 in the path; an invalid
/// escape or `;` in the query; tabs, control characters or runs of spaces inside a signed header's
/// value; a signed header that is repeated. [`SignError`](crate::SignError) has an example;
/// [`Signer::with_ambiguity`](crate::Signer::with_ambiguity) sets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ambiguity {
    /// A typed [`SignError`](crate::SignError): the default, since the
    /// other side's reading of such a request is not safe to guess.
    #[default]
    Refuse,
    /// As the Go SDK signs them: `%2F` becomes `/`, parameters with an invalid escape or `;` are
    /// left out, values are only trimmed, the first of repeated headers counts.
    LikeGo,
    /// By the letter of the rules, nothing left out: segments keep their encoded slash, an invalid
    /// escape and `;` are literal text, values are only trimmed. A repeated signed header is still
    /// refused. This is how a lenient server reads a request: all that arrived is covered by the
    /// signature or refused.
    AsSent,
}
