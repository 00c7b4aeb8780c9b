//! Tests of whole commands.

use proptest::prelude::*;

use super::*;

fn read(command: &str) -> CurlCommand {
    CurlCommand::parse(command).unwrap_or_else(|error| panic!("{command}: {error}"))
}

fn refusal(command: &str) -> String {
    CurlCommand::parse(command).unwrap_err().in_full()
}

fn text(text: &str) -> CurlData {
    CurlData::Text(text.to_owned())
}

#[test]
fn the_method_follows_from_the_options() {
    for (command, method) in [
        ("curl https://h/", "GET"),
        ("curl https://h/ -d a", "POST"),
        ("curl --json '{}' https://h/", "POST"),
        ("curl -I https://h/", "HEAD"),
        ("curl -G -d a=1 https://h/", "GET"),
        ("curl -XPUT -d a https://h/", "PUT"),
        ("curl -sSXPOST https://h/", "POST"),
        ("/usr/bin/curl --request PATCH https://h/", "PATCH"),
        ("curl.exe https://h/", "GET"),
    ] {
        assert_eq!(read(command).method, method, "{command}");
    }
}

#[test]
fn the_body_is_what_curl_sends() {
    let forms = "Content-Type: application/x-www-form-urlencoded".to_owned();
    let command = read("curl https://h/ -d a=1 --data-raw @b -d@lines --data-binary @bytes");
    let lines = CurlData::Lines("lines".to_owned());
    let bytes = CurlData::File("bytes".to_owned());
    assert_eq!(command.data, [text("a=1"), text("@b"), lines, bytes]);
    assert_eq!((command.separator, command.headers_sent(&[])), ("&", vec![forms]));
    let json = read("curl https://h/ --json '{\"a\":' --json 1}");
    assert_eq!((json.separator, json.data.len()), ("", 2));
    assert_eq!(json.headers_sent(&[]), ["Content-Type: application/json"]);
    let of_a_file = ["content-type: text/plain".to_owned()];
    assert_eq!(json.headers_sent(&of_a_file), of_a_file);
    let encoded = read(
        "curl https://h/ --data-urlencode 'q=a b&c' --data-urlencode '=/' --data-urlencode 你",
    );
    assert_eq!(encoded.data, [text("q=a%20b%26c"), text("%2F"), text("%E4%BD%A0")]);
    let query = read("curl -G 'https://h/?a=1' -d b=2 --data-urlencode 'c=d e'");
    assert_eq!((query.url.as_str(), query.data.len()), ("https://h/?a=1&b=2&c=d%20e", 0));
    assert!(query.headers_sent(&[]).is_empty());
}

#[test]
fn headers_are_those_that_are_sent() {
    let command = "curl h.example/x -H 'X-Date: 1' -H 'X-Empty;' -H 'Accept:' -H 'X-Note: time:' -H 'X-List: a;' -H 'X-Space: \t' -H ': a' -H none -H 'a;b;' -A me -b 'a=b' -d '' -H 'Content-Type:'";
    let command = read(command);
    assert_eq!(command.url, "http://h.example/x");
    let sent =
        ["X-Date: 1", "X-Empty:", "X-Note: time:", "X-List: a;", "User-Agent: me", "Cookie: a=b"];
    assert_eq!(command.headers_sent(&command.headers), sent);
    assert_eq!(read("curl h -H @more").headers, ["@more"]);
}

#[test]
fn options_about_the_connection_are_passed_over() {
    let command =
        "curl --compressed -sSL -k --max-time 5 -o out -w '%{http_code}' --url https://h/ -- ";
    assert_eq!(read(command), read("curl https://h/"));
    assert!(CurlCommand::parse("curl -u a:b https://h/ -H 'Authorization: x'").is_ok());
}

#[test]
fn words_that_cannot_be_read_are_named() {
    for (command, named) in [
        ("wget https://h/", "not a curl command"),
        ("", "not a curl command"),
        ("curl", "no URL"),
        ("curl https://h/ --form a=b", "--form"),
        ("curl https://h/ -sF a=b", "read -F"),
        ("curl https://h/ -H", "-H has no value"),
        ("curl https://h/ --max-time", "--max-time has no value"),
        ("curl https://h/ https://i/", "one URL"),
        ("curl https://h/ -u a:b", "-u"),
        ("curl https://h/ --aws-sigv4 volc:volc", "--aws-sig"),
        ("curl 'https://h/{a,b}'", "--globoff"),
        ("curl https://h/a/../b", "--path-as-is"),
        ("curl -G -d @f https://h/", "-G"),
        ("curl https://h/ -b jar", "read -b"),
        ("curl https://h/ -X 'a b'", "read -X"),
        ("curl https://h/ --data-urlencode a@f", "--data"),
    ] {
        let refusal = refusal(command);
        assert!(refusal.contains(named), "{command}: {refusal}");
    }
    assert!(CurlCommand::parse("curl -g --path-as-is 'https://[::1]/a/../{b}'").is_ok());
}

#[test]
fn errors_repeat_no_secret() {
    for (command, shown) in [
        ("-H \"Authorization: Bearer $abcSECRETpassword123456\"", "replace $abcS…"),
        ("-H Authorization:$hunterpassphrase", "replace $hunt…"),
        ("-H \"a: ${hunterpassphrase}\"", "replace ${hun…"),
        ("-Fhunter2secretvalue9999", "read -F"),
        ("-sShunter2secretvalue9999", "read -h"),
        ("--form=hunter2secretvalue9999", "read --form"),
        ("--formhunter2secretvalue9999", "read --fo…"),
        ("--Hunterpassphrase", "read --Hu…"),
        ("-b hunterpassphrase", "read -b"),
        ("--cookie hunterpassphrase", "read --cookie"),
        ("-bhunterpassphrase", "read -b"),
        ("-X 'Bearer hunterpassphrase'", "read -X"),
        ("-G -d @hunterpassphrase", "read -G -d @FILE"),
        ("--data-urlencode hunterpassphrase@a", "read --data-urlencode NAME@FILE"),
        ("-u me:hunterpassphrase", "read -u"),
        ("-H Authorization: Bearer hunterpassphrase", "read Bear…"),
        ("hunterpassphrase", "read hunt…"),
        ("-- -hunterpassphrase", "read -hun…"),
        ("--url 'https://h/hunterpassphrase/..'", "read "),
        ("--url 'https://h/hunterpassphrase{'", "read "),
    ] {
        let refusal = refusal(&format!("curl https://h/ {command}"));
        assert!(refusal.contains(shown), "{command}: {refusal}");
        for secret in ["SECRETpass", "nter2secret", "unterpass"] {
            assert!(!refusal.contains(secret), "{command}: {refusal}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(curl )?[-a-zA-Z0-9 '\"\\\\$#{}&|\n\u{4f60}]{0,60}") {
        let _ = CurlCommand::parse(&text);
    }

    #[test]
    fn quoted_words_are_kept(words in prop::collection::vec("[^\\x00]{0,12}", 0..5)) {
        let all = ["curl".to_owned()].into_iter().chain(words);
        let all: Vec<String> = all.map(|word| word.replace("\r\n", "\n")).collect();
        let line = shlex::try_join(all.iter().map(String::as_str)).unwrap();
        prop_assert_eq!(words::words(&line).unwrap(), all);
    }
}
