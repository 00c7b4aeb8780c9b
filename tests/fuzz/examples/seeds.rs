//! Writes the official signers' requests as seeds: `seeds VECTORS CORPUS`.

use std::path::Path;

use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, vectors, corpus] = arguments.as_slice() else { panic!("usage: seeds VECTORS CORPUS") };
    let text = std::fs::read_to_string(vectors).expect("the vectors");
    for (number, line) in text.lines().enumerate() {
        let vector: Value = serde_json::from_str(line).expect("a vector");
        let url = vector["presigned_url"].as_str().or(vector["url_sent"].as_str()).unwrap_or_default();
        let request = request(&vector, url);
        write(corpus, "authorization", number, &request);
        let query = url.split_once('?').map_or("", |(_, query)| query);
        write(corpus, "query", number, query);
        write(corpus, "presigned", number, vector["url"].as_str().unwrap_or_default());
    }
    let sample = r#"{"ResponseMetadata":{"RequestId":"20241119190556E244C5F755CB355E6405","Action":"GetUsage"},"Result":{"UsageResults":[{"Name":"PromptTokens","MetricItems":[{"Tags":[{"Key":"EndpointId","Value":"ep-1"}],"Values":[{"Timestamp":1731945600,"Value":"1529525715"}]}]}]}}"#;
    write(corpus, "response", 0, sample);
    let refusal = r#"{"ResponseMetadata":{"RequestId":"x","Error":{"CodeN":100013,"Code":"AccessDenied","Message":"no"}}}"#;
    write(corpus, "response", 1, refusal);
    write(corpus, "response", 2, r#"{"HTTPCode":502,"errorcode":"Busy","message":"later"}"#);
}

fn request(vector: &Value, url: &str) -> String {
    let mut text = format!("{} {url}\n", vector["method"].as_str().unwrap_or("GET"));
    if let Some(authorization) = vector["authorization"].as_str() {
        text.push_str(&format!("Authorization:{authorization}\n"));
    }
    for (name, value) in vector["headers_sent"].as_object().into_iter().flatten() {
        text.push_str(&format!("{name}:{}\n", value.as_str().unwrap_or_default()));
    }
    text
}

fn write(corpus: &str, target: &str, number: usize, text: &str) {
    let folder = Path::new(corpus).join(target);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(format!("seed-{number:03}")), text).expect("a seed");
}
