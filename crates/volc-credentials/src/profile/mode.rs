//! The modes of a profile.

use std::fmt;

/// The way a profile gets its credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Keys in the profile itself.
    Ak,
    /// The session that `ve login` opened.
    ConsoleLogin,
    /// The role of the cloud server the program runs on.
    EcsRole,
    /// A role, for an OIDC token in a file.
    Oidc,
    /// A role, for the keys in the profile.
    RamRoleArn,
    /// A role, for the session that `ve sso login` opened.
    Sso,
}

impl Mode {
    /// Reads the spelling of `config.json`, in any case; nothing means `ak`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "" | "ak" => Some(Self::Ak),
            "console-login" => Some(Self::ConsoleLogin),
            "ecsrole" => Some(Self::EcsRole),
            "oidc" => Some(Self::Oidc),
            "ramrolearn" => Some(Self::RamRoleArn),
            "sso" => Some(Self::Sso),
            _ => None,
        }
    }

    /// The spelling of `config.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ak => "ak",
            Self::ConsoleLogin => "console-login",
            Self::EcsRole => "ecsrole",
            Self::Oidc => "oidc",
            Self::RamRoleArn => "ramrolearn",
            Self::Sso => "sso",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
