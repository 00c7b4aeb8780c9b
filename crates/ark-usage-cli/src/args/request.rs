//! A request as people write it down, for the commands that look at one without sending it.

use clap::Args;

/// The request, as it goes over the wire.
#[derive(Args, Debug)]
pub(crate) struct RequestArgs {
    /// GET, POST, …; upper and lower case are not the same
    #[arg(value_name = "METHOD")]
    pub(crate) method: String,
    /// The URL as it is sent, escapes and all; it is never rewritten
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// A header of the request (repeatable)
    #[arg(
        short = 'H',
        long = "header",
        value_name = "NAME: VALUE",
        allow_hyphen_values = true,
        help_heading = "Request"
    )]
    pub(crate) headers: Vec<String>,
    /// The body: the text itself, @FILE, or @- for standard input; empty when left out
    #[arg(
        short = 'd',
        long = "data",
        value_name = "BODY",
        allow_hyphen_values = true,
        help_heading = "Request"
    )]
    pub(crate) data: Option<String>,
    /// Use the keys of this profile, whatever variables hold
    #[arg(long, value_name = "NAME", help_heading = "Keys")]
    pub(crate) profile: Option<String>,
}
