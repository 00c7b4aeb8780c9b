//! Writes the official signers' requests as seeds: `seeds VECTORS CORPUS`.

use std::path::Path;

use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, vectors, corpus] = arguments.as_slice() else { panic!("usage: seeds VECTORS CORPUS") };
    let text = std::fs::read_to_string(vectors).expect("the vectors");
    for (number, line) in text.lines().enumerate() {
        let vector: Value = serde_json::from_str(line).expect("a vector");
        let url =
            vector["presigned_url"].as_str().or(vector["url_sent"].as_str()).unwrap_or_default();
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
    for (target, seeds) in [
        ("profile", PROFILE),
        ("key_files", KEY_FILES),
        ("process", PROCESS),
        ("services", SERVICES),
    ] {
        for (number, seed) in seeds.iter().enumerate() {
            write(corpus, target, number, seed);
        }
    }
    for (seed, number) in TABLES.iter().zip(3..) {
        write(corpus, "response", number, seed);
    }
    for (target, seeds) in [("recordings", RECORDINGS), ("lists", LISTS), ("headers", HEADERS)] {
        for (number, seed) in seeds.iter().enumerate() {
            write(corpus, target, number, seed);
        }
    }
    let faults = include_str!("../../../crates/ark-usage-emulator/examples/faults.toml");
    write(corpus, "faults", 0, faults);
    for (number, effect) in EFFECTS.iter().enumerate() {
        let entry = format!("[[fault]]\nwhen = {{ nth = 1 }}\neffect = {{ kind = {effect} }}\n");
        write(corpus, "faults", number + 1, &entry);
    }
}

/// `config.json`, any other file, then answers.
const PROFILE: &[&str] = &[
    r#"{"current":"p","profiles":{"p":{"mode":"ak","access-key":"AKLT1","secret-key":"fake","session-token":"fake","region":"cn-beijing","endpoint":"open.example.com","disable-ssl":false,"http-proxy":"http://u:p@proxy:1","use-dual-stack":true,"endpoint-resolver":"x"}}}"#,
    r#"{"profiles":{"default":{"mode":"ramrolearn","access-key":"AKLT1","secret-key":"fake","account-id":1,"role-name":"r"}}}
%%

%%
{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Credentials":{"AccessKeyId":"AKTP1","SecretAccessKey":"fake","SessionToken":"fake","ExpiredTime":"2023-11-14T23:13:20Z"}}}"#,
    r#"{"profiles":{"default":{"mode":"oidc","role-trn":"trn:iam::1:role/r","oidc-token-file":"/t","policy":"{}"}}}
%%
token
%%
!{"ResponseMetadata":{"RequestId":"r1","Error":{"Code":"AccessDenied","Message":"no"}}}"#,
    r#"{"profiles":{"default":{"mode":"ecsrole","role-name":"reader"}}}
%%

%%
token
%%
{"AccessKeyId":"AKTP1","SecretAccessKey":"fake","SessionToken":"fake","ExpiredTime":"2023-11-14T23:13:20Z"}"#,
    r#"{"current":"my work","profiles":{"my work":{"mode":"sso","sso-session-name":"work","account-id":"2100000001","role-name":"reader","sts-expiration":"1699999999"}},"sso-session":{"work":{"name":"work","start-url":"https://example.com/start","region":"cn-shanghai"}}}
%%
{"start_url":"https://example.com/start","session_name":"work","access_token":"fake","expires_at":"2023-11-14T23:13:20Z","refresh_token":"fake","region":"cn-shanghai"}
%%
{"ResponseMetadata":{"RequestId":"r1"},"Result":{"RoleCredentials":{"AccessKeyId":"AKTP1","SecretAccessKey":"fake","sessionToken":"fake","Expiration":1700003600000}}}"#,
    r#"{"profiles":{"default":{"mode":"console-login","login-session":"session-1"}}}
%%
{"login_session":"session-1","access_token":"{\"access_key_id\":\"AKLT1\",\"secret_access_key\":\"fake\",\"session_token\":\"fake\"}","issued_at":"2023-11-14T22:13:20Z","expires_in":3600,"refresh_token":"fake"}"#,
];

const KEY_FILES: &[&str] = &[
    "[default]\naccess_key_id = AKLT1\nsecret_access_key = \"fake\"\nsession_token = 'fake'\n\n[work]\nak: AKLT2\nsk: fake\n; end\n",
    "[default]\nvolc_access_key_id=AKLT1\nvolc_secret_access_key=fake\n# no more\n",
    r#"{"ak":"AKLT1","sk":"fake"}"#,
    r#"{"VOLC_ACCESSKEY":"AKLT1","VOLC_SECRETKEY":"fake"}"#,
];

/// A command line, and what the program prints.
const PROCESS: &[&str] = &[
    r#"vault read -format=json "a b" 'c\d' "e\"f"
%%
{"Version":1,"AccessKeyId":"AKLT1","SecretAccessKey":"fake","SessionToken":"fake","Expiration":"2023-11-14T23:13:20+01:00"}"#,
    r#"x
%%
{"AccessKeyId":"AKLT1","SecretAccessKey":"fake","Expiration":1700003600}"#,
];

const SERVICES: &[&str] = &[
    r#"token
%%
{"Roles":["reader"]}
%%
{"AccessKeyId":"AKTP1","SecretAccessKey":"fake","SessionToken":"fake","ExpiredTime":"2023-11-14T23:13:20Z"}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Credentials":{"AccessKeyId":"AKTP1","SecretAccessKey":"fake","SessionToken":"fake","ExpiredTime":"2023-11-14T23:13:20Z"}}}"#,
    "!token\n%%\nreader\n%%\n!no",
];

const RECORDINGS: &[&str] = &[
    r#"{"format":"ark-usage/recording","version":1,"now":"2024-11-20T04:00:00Z","seed":1}
{"event":"exchange","number":1,"account":0,"sent_us":10,"ended_us":20,"now":"2024-11-20T04:00:01Z","request":{"method":"POST","url":"http://127.0.0.1/?Action=GetUsage&Version=2024-01-01","headers":[],"body":"{}"},"response":{"status":200,"headers":[["content-type","application/json"]],"body":{"hex":"7b7d"}},"failure":null}
{"event":"woke","at_us":30,"now":"2024-11-20T04:00:02Z"}
{"event":"exchange","number":2,"account":0,"sent_us":40,"ended_us":50,"now":"2024-11-20T04:00:03Z","request":{"method":"POST","url":"http://127.0.0.1/?Action=GetUsage&Version=2024-01-01","headers":[],"body":"{}"},"response":null,"failure":{"kind":"reset","causes":["the connection was reset"]}}
{"event":"interrupted","at_us":60,"now":"2024-11-20T04:00:04Z"}
"#,
];

const LISTS: &[&str] = &[
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Total":2,"Limit":100,"Offset":0,"Projects":[{"ProjectName":"default","HasPermission":true},{"ProjectName":"search"}]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"TotalCount":"150","PageNumber":1,"Items":[{"Id":"ep-1","Name":"chat","Tags":[{"Key":"team","Value":"a"}],"ModelReference":{"FoundationModel":{"Name":"doubao"}}}]}}"#,
];

/// Answers of `GetInferenceUsage`, `ListApiKeys` and the actions of plans.
const TABLES: &[&str] = &[
    r#"{"ResponseMetadata":{"RequestId":"r1","Action":"GetInferenceUsage"},"Result":{"DataCount":2,"Fields":[{"Name":"AccountID","Type":"BIGINT"},{"Name":"ModelName","Type":"STRING"},{"Name":"ApikeyID","Type":"STRING"},{"Name":"Day","Type":"DATE"},{"Name":"InputTokens","Type":"BIGINT"},{"Name":"CacheTokensHit","Type":"BIGINT"},{"Name":"OutputTokens","Type":"BIGINT"},{"Name":"ImageCount","Type":"BIGINT"},{"Name":"TotalTokens","Type":"BIGINT"},{"Name":"ReqCnt","Type":"BIGINT"}],"Data":[["2100000001","doubao-pro","apikey-1","2024-11-19","1529525715","12","40207324","0","1569733039","77"],["2100000001","doubao-seedream-4-0","","2024-11-20","0","0","0","5","0","5"]]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"DataCount":"1","Fields":["ModelName","ApikeyID","Day","Hour","InputTokens","OutputTokens","ReqCnt","WindowMatchOrder"],"Rows":[{"Values":["doubao-pro",null,"2024-11-19",7,5,"",1.0,"x"]}]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Fields":[{"FieldName":"Hour","FieldType":"STRING"}],"Data":[{"ModelName":"doubao-pro","ApikeyID":"apikey-1","Hour":"2024-11-19 07:00","InputTokens":5}]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"PlanType":"Medium","AFPFiveHour":{"Quota":"10000","Used":1.9221,"SubscribeTime":1778788800000,"ResetTime":1778806800000},"AFPDaily":{"Quota":0},"AFPWeekly":null,"AFPYearly":{"Quota":1.50}}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Status":"Running","UpdateTimestamp":1787809945,"QuotaUsage":[{"Level":"session","Percent":0.000029,"ResetTimestamp":-1},{"Level":"weekly","Percent":"24.4","ResetTimestamp":1788105600,"Cap":100,"RewardTotalPercent":0}],"HasReward":false}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"PlanType":"Pro","Status":"Running","AutoRenew":true,"StartTime":"2026-07-01T00:00:00+08:00","EndTime":"2026-08-01T00:00:00+08:00"}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Details":[{"Time":1778428800000,"ObjectName":"a","Usage":"5","Unit":"Tokens","BillingType":"WithinPlan"}],"EndTime":"2026-05-11T00:00:00Z"}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Total":"2","BizSummaries":[{"BizInfo":"Pro"}],"Data":[{"SeatID":"seat-1","AccountID":"2100000001","BillingStatus":2,"SeatStatus":"2","OrderTime":1756800000,"IdentityDetail":"ann","ApiKey":"fake-secret","RateLimit":{"RPM":0}}],"NextToken":"n"}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"SeatInfoUsage":{"SeatID":"seat-1","ShortTermUsage":"101","WeeklyUsage":24.4000,"ShortTermResetMilestone":-1,"MonthlyResetMilestone":1788105600000}}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"SeatAFPUsages":[{"SeatID":"seat-1","PlanType":"Medium","AFPWeekly":{"Quota":"35000","Used":"1.5"}}],"Total":1,"Items":[{"SeatID":"seat-2","MonthlyUsage":1e-5}]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"TotalCount":1,"Items":[{"FoundationModelName":"a","State":"Available","InitialInferenceFreeUsage":{"Total":500000,"Consumed":"1"},"FreeResourcePackItems":[{"Type":"FreeInference","Total":5,"Consumed":0}]}],"ModelTokenLimits":[{"FoundationModelName":"a","TokenLimit":2008227,"CurrentUsage":833808,"TokenLimitStartTime":"2026-07-30T00:00:00Z"}]}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"List":[{"InstanceNo":"p1","ConfigurationName":"a","Product":"ark_bd","TotalAmount":"1000","AvailableAmount":"5.50","Unit":"token"}],"NextToken":"0","AccountID":2100000001,"AvailableBalance":"12.30"}}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1","ErrorMessage":"no plan"},"Code":"ResourceNotFound.Plan","Message":"no"}"#,
    r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"TotalCount":"25","PageNumber":1,"PageSize":10,"Items":[{"SID":"apikey-1","Name":"chat","ApiKey":"fake-secret"},{"Sid":"apikey-2","Name":null}]}}"#,
];

const HEADERS: &[&str] = &[
    "Wed, 20 Nov 2024 04:00:00 GMT\n2.5\napplication/json",
    "Wednesday, 20-Nov-24 04:00:00 GMT\nWed, 20 Nov 2024 04:00:30 GMT\ntext/html",
    "Wed Nov 20 04:00:00 2024\n600\n",
];

const EFFECTS: &[&str] = &[
    "\"throttle\", retry-after = 1, http-200 = true",
    "\"error\", status = 400, code = \"AccessDenied\", code-n = 1, message = \"no\"",
    "\"status\", status = 502, body = \"envelope\"",
    "\"html-page\", status = 503",
    "\"truncated-json\"",
    "\"result-null\"",
    "\"redirect\", location = \"https://example.com/\", status = 302",
    "\"clock-off\", minutes = -20",
    "\"revoke-key\"",
    "\"reading\", set = \"values=string,order=unsorted\"",
    "\"undocumented\", fields = true, metrics = true, tags = true",
    "\"late-data\", hours = 3, percent = 50",
    "\"revision\", percent = 102, since = 1731945600",
    "\"gzip-bomb\", bytes = 60000",
    "\"huge-body\", bytes = 60000",
    "\"content-length\", off-by = -7",
    "\"reset\", at = \"in-body\"",
    "\"stall\", after = 10",
    "\"slow-drip\", bytes = 3, millis = 3",
    "\"delay\", millis = 3",
];

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
