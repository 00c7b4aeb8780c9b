// The current Node SDK: its Client with one command, one GetUsage, printed.
const { Client, Command } = require("@volcengine/sdk-core");

const [base, day] = process.argv.slice(2);
const url = new URL(base);
const client = new Client({
  accessKeyId: process.env.VOLCENGINE_ACCESS_KEY,
  secretAccessKey: process.env.VOLCENGINE_SECRET_KEY,
  region: "cn-beijing",
  host: url.host,
  protocol: url.protocol.replace(":", ""),
});
const command = new Command({
  StartTime: Number(day), EndTime: Number(day), Interval: 86400, ProjectName: "default",
});
command.requestConfig = {
  method: "POST",
  serviceName: "ark",
  pathname: "/",
  params: { Action: "GetUsage", Version: "2024-01-01" },
};
client.send(command).then(
  (answer) => console.log(JSON.stringify(answer.Result)),
  (refused) => { console.error(refused); process.exit(1); },
);
