// What the two Node clients here share: steps come in as JSON lines, outcomes go out as JSON lines.
const readline = require("readline");

exports.serve = async (call) => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const step = JSON.parse(line);
    const outcome = await call(step);
    process.stdout.write(JSON.stringify({ name: step.name, ...outcome }) + "\n");
  }
};

// All SDKs want host and scheme apart.
exports.hostOf = (step) => new URL(step.base_url).host;

// The answer's metadata and result, or what the metadata says went wrong.
exports.envelopeOf = (document) => {
  const metadata = document && document.ResponseMetadata;
  if (!metadata) return { error: null };
  if (metadata.Error) return { error: metadata.Error.Code };
  return { result: document.Result, region: metadata.Region };
};
