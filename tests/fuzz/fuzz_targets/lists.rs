//! A page of a list is read or refused, and every walk over such pages ends.
#![no_main]

use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{PageStyle, PagedWalk};
use libfuzzer_sys::fuzz_target;
use volc_openapi::Action;

/// More pages than any walk asks for.
const PAGES: usize = 20_000;

fuzz_target!(|body: &[u8]| {
    let response = http::Response::new(body);
    if let Ok(list) = ListProjects::from_http(&response) {
        let list = list.result;
        let mut walk = PagedWalk::new(PageStyle::Offset, 100);
        let mut pages = 0;
        while walk.next_page().is_some() {
            let items = list.projects.iter().map(|item| (item.project_name.clone(), item));
            walk.take(items, list.total);
            pages += 1;
            assert!(pages < PAGES, "it never ends");
        }
        let _ = walk.shortfall();
    }
    if let Ok(list) = ListEndpoints::from_http(&response) {
        let list = list.result;
        let mut walk = PagedWalk::new(PageStyle::Number, 100);
        let mut pages = 0;
        while walk.next_page().is_some() {
            let items = list.items.iter().map(|item| (item.id.clone(), item));
            walk.take(items, list.total_count);
            pages += 1;
            assert!(pages < PAGES, "it never ends");
        }
        let _ = walk.shortfall();
    }
});
