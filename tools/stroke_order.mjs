// Writes src/heli/assemblies/data/stroke-order.toml: the order of Chinese characters by strokes as CLDR has it, made once
// with the ICU that Node carries, so that Heli needs none. Run: node tools/stroke_order.mjs > src/heli/assemblies/data/stroke-order.toml
const compare = new Intl.Collator("zh-u-co-stroke").compare;
const characters = [String.fromCodePoint(0x3007)];
for (const [first, last] of [[0x3400, 0x4dbf], [0x4e00, 0x9fff]]) {
  for (let code = first; code <= last; code++) characters.push(String.fromCodePoint(code));
}
characters.sort(compare);
console.log(`# Chinese characters by strokes: 〇, CJK unified ideographs and extension A. Made by tools/stroke_order.mjs; do not edit.
id = "stroke-order"
version = 1
valid_from = 2025-10-29
jurisdiction = "CN"
source = "Unicode CLDR ${process.versions.cldr}, collation zh-u-co-stroke, as in ICU ${process.versions.icu}; Unicode License v3"
characters = [`);
for (let at = 0; at < characters.length; at += 60) console.log(`  "${characters.slice(at, at + 60).join("")}",`);
console.log("]");
