//! Dependencies from outside are those deny.toml allows, and no more of it than the documents say.

use workspace_tests::supply_chain::{Package, Policy, packages};
use workspace_tests::weight;
use workspace_tests::workspace::{cargo_output, root};

#[test]
fn licences_bans_and_sources_are_those_of_the_policy() {
    let arguments = ["metadata", "--all-features", "--locked", "--format-version", "1"];
    let metadata = serde_json::from_str(&cargo_output(&arguments)).unwrap();
    let policy = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let policy = Policy::parse(&policy);
    let built = weight::built_on(&policy.systems);
    let packages: Vec<Package> =
        packages(&metadata).into_iter().filter(|it| built.contains(&it.to_string())).collect();
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    let found = policy.complaints(&packages);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// `UPDATE_DOCS=1` (`cargo xtask docs`) writes the rows into the documents instead.
#[test]
fn each_crate_weighs_what_the_document_says() {
    let expected: Vec<weight::CrateWeight> = weight::CHOICES.iter().map(weight::weigh).collect();
    let table = expected.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for name in weight::DOCUMENTS {
        let path = root().join(name);
        let document = std::fs::read_to_string(&path).unwrap();
        if update {
            std::fs::write(&path, weight::rewrite(&document, &expected)).unwrap();
            continue;
        }
        let found = weight::rows(&document);
        assert!(found == expected, "`cargo xtask docs` writes these rows into {name}:\n{table}");
    }
}

/// The checker refuses what it is there to refuse.
mod checker {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: "MIT OR Apache-2.0".to_owned(),
            source: "registry+https://example.com/index".to_owned(),
            needed_by: ["a".to_owned()].into(),
        }
    }

    fn small() -> Policy {
        Policy::parse(
            "[graph]\ntargets = []\n[licenses]\nallow = [\"MIT\", \"ISC\"]\n[bans]\n\
             deny = [{ crate = \"openssl\", reason = \"no\" }, \
             { crate = \"pkg\", wrappers = [\"a\", \"b\"], reason = \"one\" }]\n\
             skip = [{ crate = \"syn@2\", reason = \"yes\" }]\n",
        )
    }

    fn check(packages: &[Package], expected: &[&str]) {
        let needed = [package("syn", "2.0.1"), package("syn", "3.0.0")];
        assert_eq!(small().complaints(&[&needed, packages].concat()), expected);
    }

    fn licensed(licence: &str) -> Package {
        Package { licence: licence.to_owned(), ..package("a", "1.0.0") }
    }

    #[test]
    fn one_alternative_of_a_licence_is_enough() {
        check(&[], &[]);
        for good in ["MIT", "GPL-3.0-only OR MIT", "GPL-3.0-only/MIT", "ISC AND MIT"] {
            check(&[licensed(good)], &[]);
        }
        check(
            &[licensed("MIT AND GPL-3.0-only")],
            &["a v1.0.0: licence `MIT AND GPL-3.0-only` is not allowed"],
        );
        check(&[licensed("")], &["a v1.0.0: licence `` is not allowed"]);
    }

    #[test]
    fn bans_and_foreign_sources_are_found() {
        check(&[package("openssl", "0.10.0")], &["openssl v0.10.0: banned: no"]);
        let source = "git+https://example.com/a".to_owned();
        check(
            &[Package { source, ..package("a", "1.0.0") }],
            &["a v1.0.0: comes from `git+https://example.com/a`, not from a registry"],
        );
    }

    #[test]
    fn a_wrapper_alone_may_need_what_is_banned() {
        let needed_by = |names: &[&str]| Package {
            needed_by: names.iter().map(|name| (*name).to_owned()).collect(),
            ..package("pkg", "1.0.0")
        };
        check(&[needed_by(&["a"])], &[]);
        check(&[needed_by(&["a", "b"])], &[]);
        let banned = ["pkg v1.0.0: banned: one"];
        check(&[needed_by(&["a", "c"])], &banned);
        check(&[needed_by(&["c"])], &banned);
        // A ban without wrappers has no exception.
        let openssl = Package { needed_by: ["a".to_owned()].into(), ..package("openssl", "1.0.0") };
        check(&[openssl], &["openssl v1.0.0: banned: no"]);
    }

    #[test]
    fn a_double_needs_a_permission_and_a_permission_a_double() {
        check(&[package("a", "1.0.0"), package("a", "2.0.0")], &["a: 1.0.0, 2.0.0 at once"]);
        check(&[package("syn", "20.0.0")], &["syn: 3.0.0, 20.0.0 at once"]);
        assert_eq!(small().complaints(&[]), ["deny.toml: nobody needs syn@2"]);
    }
}
