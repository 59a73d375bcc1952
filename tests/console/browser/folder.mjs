// A folder's files are listed page by page and shown as what they are, and nothing in them runs, whatever its name.
// Never a folder of this machine: the archive is written here, as nobody's tools would write it.

import { readFile } from "node:fs/promises";
import { base, check, look, withPage } from "./lib.mjs";

const MARK = "globalThis.pwned = true";
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const MANY = 120;

/** One entry as ustar has it, with whatever name. */
function entry(name, content, type = "0") {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\u{0}00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

const FILES = [
  ["data", "", "5"],
  ["data/rows.csv", "name,age\nAda,36\nGrace,85\n"],
  ["data/settings.json", JSON.stringify({ rate: 0.5 })],
  ["notes.md", `# Findings\n\n<script>${MARK}</script>`],
  ["picture.png", PIXEL],
  ["report.html", `<h1>Report</h1><script>${MARK}; top.document.title = "taken"</script><body onload="${MARK}">`],
  [`<img src=x onerror=${MARK}>.txt`, "only a name"],
  ["../../etc/passwd", "root of nothing"],
  ["line\nbreak\u{202e}gnp.txt", "turned around"],
  ["link", "", "2"],
  ...Array.from({ length: MANY }, (_, number) => [`many/${number}.txt`, `number ${number}`]),
];
const archive = Buffer.concat([...FILES.map((file) => entry(...file)), Buffer.alloc(1_024)]);

async function put(content, mediaType) {
  const response = await fetch(`${base}/api/v1/artifacts`, { method: "POST", headers: { "content-type": mediaType }, body: content });
  check(response.ok, `an artifact was not taken: ${response.status}`);
  return (await response.json()).digest;
}

async function unharmed(page) {
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300)));
  check(page.url().startsWith(base) && (await page.title()).endsWith("· Sandmill"), "the page was taken elsewhere");
  check(!(await page.evaluate(() => "pwned" in globalThis)), "something ran in the page");
}

const ignored = [/Content Security Policy/, /Blocked script execution/, /sandbox/i];

await withPage(
  async (page) => {
    const digest = await put(archive, "application/x-tar");
    await page.goto(`${base}/artifacts/${encodeURIComponent(digest)}`);
    const files = page.getByRole("table", { name: "Files of the folder" });
    await files.getByRole("button", { name: "data/rows.csv" }).waitFor();
    check((await files.locator("tbody tr").count()) === 50, "a page holds fifty files, and folders are none");
    check((await files.locator("img, script").count()) === 0, "a name made an element");
    await files.getByText("(a link, which is not followed)").waitFor();
    const open = async (name) => {
      await files.getByRole("button", { name }).click();
      return page.locator(".file-view");
    };

    await (await open("data/rows.csv")).getByRole("cell", { name: "Grace" }).waitFor();
    await look(page, "folder-table");
    await (await open("data/settings.json")).getByText('"rate": 0.5').waitFor();
    await (await open("notes.md")).getByRole("heading", { name: "Findings" }).waitFor();
    const picture = (await open("picture.png")).locator("img.preview-image");
    await picture.evaluate((image) => image.decode());
    check((await picture.evaluate((image) => image.naturalWidth)) === 1, "the picture is not the one in the folder");
    await open("report.html");
    await page.frameLocator(".preview-page iframe").getByRole("heading", { name: "Report" }).waitFor();
    await (await open(/^<img/)).getByText("only a name").waitFor();
    await (await open("../../etc/passwd")).getByText("root of nothing").waitFor();
    await (await open(/gnp\.txt/)).getByText("turned around").waitFor();
    check(!(await files.innerText()).includes("\u{202e}"), "a name turns the text around it");
    await unharmed(page);

    await page.reload();
    await page.locator(".file-view").getByText("turned around").waitFor();
    await open("../../etc/passwd");
    const [kept] = await Promise.all([page.waitForEvent("download"), page.locator(".file-view").getByRole("link", { name: "Download" }).click()]);
    check(kept.suggestedFilename() === "passwd", `a download is called ${kept.suggestedFilename()}`);
    check((await readFile(await kept.path(), "utf8")) === "root of nothing", "another content was downloaded");

    for (let turned = 0; turned < 2; turned += 1) {
      await page.getByRole("button", { name: "More" }).click();
      await files.getByRole("button", { name: `many/${50 * turned + 60}.txt`, exact: true }).waitFor();
    }
    await (await open(`many/${MANY - 1}.txt`)).getByText(`number ${MANY - 1}`).waitFor();
    check(await page.getByRole("button", { name: "More" }).isDisabled(), "there is nothing behind the last file");
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page, "folder-phone");

    const direct = await fetch(`${base}/api/v1/artifacts/${encodeURIComponent(digest)}/files`).then((answer) => answer.json());
    const report = direct.items.find((file) => file.name === "report.html");
    const content = await fetch(`${base}/api/v1/artifacts/${encodeURIComponent(digest)}/files/${report.position}`, { headers: { range: "bytes=4-9" } });
    check(content.status === 206 && (await content.text()) === "Report", "a range of a file is another one's");
    check(content.headers.get("content-security-policy")?.startsWith("sandbox") === true, "a file is served without a sandbox");

    await page.goto(`${base}/artifacts/${encodeURIComponent(await put(Buffer.alloc(1_024), "application/x-tar"))}`);
    await page.getByText("No file is in it.").waitFor();
  },
  { ignored },
);
