// Renders ZPL to PNG: reads lines of {zpl, width, height} from stdin, writes a line of base64 for each.
const { ready } = require(process.argv[2]);

(async () => {
  const { api } = await ready;
  for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const { zpl, width, height } = JSON.parse(line);
    process.stdout.write((await api.zplToBase64Async(zpl, width, height, 8)) + "\n");
  }
  process.exit(0);
})();
