//! The order of a crate's top-level modules: which imports which, and whether that goes in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::Source;

/// The top-level modules of `ark-usage-cli`, from the top: none imports one above it.
pub const ORDER_OF_THE_PROGRAM: &[&str] = &[
    // The start of the program, and the commands.
    "panic_hook",
    "environment",
    "commands",
    // From arguments to keys, requests and the network.
    "request",
    "input_files",
    "keys",
    "site",
    "context",
    "network",
    "demo",
    "hints",
    "shell",
    "progress",
    "config",
    "record",
    "history",
    "settings",
    "args",
    "actions",
    // The edges of the process, and what everything says.
    "clock",
    "screen",
    "output",
    "interrupt",
    "text_file",
    "secrets",
    "error",
    "exit_status",
    "lang",
];

/// The top-level modules that each top-level module names, with the places.
pub type Imports = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The imports between the top-level modules of the crate that `sources` are. The root itself stands
/// above all of them and is left out; what it re-exports belongs to the module it comes from.
pub fn imports(sources: &[Source]) -> Imports {
    let modules: BTreeSet<String> =
        sources.iter().filter_map(|source| source.module().into_iter().next()).collect();
    let reexports = reexports(sources, &modules);
    let mut imports: Imports =
        modules.iter().map(|module| (module.clone(), BTreeMap::new())).collect();
    for source in sources {
        let home = source.module();
        let Some(own) = home.first() else { continue };
        for named in source.paths() {
            let place: Vec<String> = home.iter().chain(&named.inside).cloned().collect();
            let Some(name) = top(&place, &named.segments) else { continue };
            let target = if modules.contains(name) { Some(name) } else { reexports.get(name) };
            let Some(target) = target.filter(|target| *target != own) else { continue };
            let line = format!("{}:{}", source.file.display(), named.line);
            imports.entry(own.clone()).or_default().entry(target.clone()).or_default().push(line);
        }
    }
    imports
}

/// Every import that goes upwards in `order`, which is written from the top; and modules that the
/// order does not know, or that do not exist.
pub fn upward(imports: &Imports, order: &[&str]) -> Vec<String> {
    let height = |module: &str| order.iter().position(|name| *name == module);
    let unknown = imports.keys().filter(|module| height(module).is_none());
    let mut found: Vec<String> =
        unknown.map(|module| format!("{module}: the order does not know it")).collect();
    let stale = order.iter().filter(|name| !imports.contains_key(**name));
    found.extend(stale.map(|name| format!("{name}: there is no such module")));
    for (module, targets) in imports {
        for (target, places) in targets {
            let heights = height(target).zip(height(module));
            if heights.is_some_and(|(target, module)| target < module) {
                found.push(format!("{module} imports {target} above it: {}", places.join(" ")));
            }
        }
    }
    found
}

/// The modules that import themselves by way of others, one set for each circle.
pub fn circles(imports: &Imports) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        imports.keys().map(|module| (module, reachable(imports, module))).collect();
    let mut found = BTreeSet::new();
    for (module, targets) in &reached {
        let around =
            |other: &&&String| reached.get(**other).is_some_and(|all| all.contains(*module));
        let circle: BTreeSet<String> =
            targets.iter().filter(around).map(|m| (*m).clone()).collect();
        if circle.contains(*module) {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// All that `module` imports, itself or by way of others.
fn reachable<'a>(imports: &'a Imports, module: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![module];
    while let Some(next) = waiting.pop() {
        for target in imports.get(next).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(target) {
                waiting.push(target);
            }
        }
    }
    reached
}

/// The segment behind the crate's root of a path named in the module `place`, if it leads there.
fn top<'a>(place: &'a [String], segments: &'a [String]) -> Option<&'a String> {
    let first = segments.first()?;
    let ups = segments.iter().take_while(|segment| *segment == "super").count();
    match first.as_str() {
        "crate" => segments.get(1),
        "super" if ups >= place.len() => segments.get(ups),
        _ => None,
    }
}

/// The names that the root re-exports, with their module: `pub use report::Row;` makes `Row` a name of `report`.
fn reexports(sources: &[Source], modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let root = sources.iter().filter(|source| source.module().is_empty());
    let named = root.flat_map(Source::paths).filter_map(|named| {
        let inside = |segment: &&String| !matches!(segment.as_str(), "crate" | "self");
        let mut segments = named.segments.iter().filter(inside);
        let module = segments.next().filter(|module| modules.contains(*module))?;
        Some((segments.next_back()?.clone(), module.clone()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crate_of(files: &[(&str, &str)]) -> Imports {
        let sources: Vec<Source> =
            files.iter().map(|(file, text)| Source::of(file, text)).collect();
        imports(&sources)
    }

    fn circle(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_crate_in_order_has_no_circle() {
        let imports = crate_of(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::{b::X, c};"),
            ("b/mod.rs", "mod inner; use super::c::Y;"),
            ("b/inner.rs", "use super::X; use crate::b::Z; fn f() { super::super::c::g() }"),
            ("c.rs", "use self::inner::T; mod inner { use super::U; }"),
        ]);
        assert!(circles(&imports).is_empty());
        assert!(upward(&imports, &["a", "b", "c"]).is_empty());
        assert_eq!(
            upward(&imports, &["b", "a", "d"]),
            [
                "c: the order does not know it",
                "d: there is no such module",
                "a imports b above it: a.rs:1"
            ]
        );
    }

    #[test]
    fn every_way_to_name_a_module_closes_a_circle() {
        for back in [
            "use crate::a::X;",
            "use crate::{c, a::{X, Y}};",
            "fn f() { crate::a::x() }",
            "fn f() { println!(\"{}\", crate::a::X) }",
            "use super::a;",
            "mod inner { fn f() { super::super::a::x() } }",
            "use crate::X;",
            "#[cfg(test)]\nmod tests { use super::*; }\nuse crate::a::X;",
        ] {
            let root = ("lib.rs", "mod a; mod b; mod c; pub use a::{X, Y};");
            let imports =
                crate_of(&[root, ("a.rs", "use crate::b;"), ("b.rs", back), ("c.rs", "")]);
            assert_eq!(circles(&imports), [circle(&["a", "b"])], "{back}");
        }
    }

    #[test]
    fn imports_of_tests_close_no_cycle() {
        let root = ("lib.rs", "mod a; mod b;");
        let tests = "// crate::a\n#[cfg(test)]\nmod tests { use crate::a; }";
        let imports = crate_of(&[root, ("a.rs", "use crate::b;"), ("b.rs", tests)]);
        assert!(circles(&imports).is_empty());
    }

    #[test]
    fn circles_by_way_of_others_are_found_whole() {
        let imports = crate_of(&[
            ("main.rs", "mod a; mod b; mod c; mod d; mod e; mod f;"),
            ("a.rs", "use crate::b;"),
            ("b.rs", "use crate::c;"),
            ("c.rs", "use crate::a; use crate::d;"),
            ("d.rs", ""),
            ("e.rs", "use crate::f;"),
            ("f.rs", "use crate::e; use crate::a;"),
        ]);
        assert_eq!(circles(&imports), [circle(&["a", "b", "c"]), circle(&["e", "f"])]);
    }
}
