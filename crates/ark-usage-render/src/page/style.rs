//! The style of the page: on a phone, on a desktop, in the dark, and on paper.

use crate::svg::{PICTURE_STYLE, palette};

/// The whole style sheet.
pub(super) fn page_style() -> String {
    format!("{}{PICTURE_STYLE}{LAYOUT}{TABLES}{SWATCHES}{PAPER}", palette())
}

const LAYOUT: &str = "\
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:1080px;padding:32px 20px 48px;background:var(--ground);color:var(--text);
font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Hiragino Sans GB',
'Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif;font-variant-numeric:tabular-nums}
h1,h2,h3,p,figure,dl,ul{margin:0}
h1{font-size:28px;line-height:1.25;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:18px;line-height:1.3;margin-bottom:14px}
h3{font-size:14px;font-weight:600}
a{color:var(--tone0);text-underline-offset:2px}
a:focus-visible,.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--tone0);outline-offset:2px}
header{margin-bottom:28px}
.brand{font-size:13px;font-weight:600;color:var(--muted);margin-bottom:6px}
.lead{margin-top:8px;font-size:18px;overflow-wrap:anywhere}
.sentence{margin-top:8px;font-size:16px;overflow-wrap:anywhere}
.when{margin-top:2px;color:var(--muted);font-size:13px}
.caution{margin-top:16px;padding:10px 14px;border-radius:8px;border-left:4px solid var(--warn);
background:var(--warn-ground)}
nav{display:flex;flex-wrap:wrap;gap:6px 16px;margin-top:18px;padding-top:14px;
border-top:1px solid var(--line);font-size:13px}
nav a{text-decoration:none}nav a:hover{text-decoration:underline}
section{margin-top:20px;padding:22px 24px;background:var(--card);border:1px solid var(--line);
border-radius:12px;scroll-margin-top:12px}
section>*+*{margin-top:16px}
section>h2+*{margin-top:0}
section>h3+.scroll{margin-top:8px}
#totals{padding:0;background:none;border:0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:16px}
.card{padding:18px 20px;background:var(--card);border:1px solid var(--line);border-radius:12px;
display:flex;flex-direction:column;gap:6px}
.card h3{color:var(--muted)}
.meaning{font-weight:400;margin-left:8px}
.big{font-size:clamp(24px,7vw,32px);font-weight:650;line-height:1.2;letter-spacing:-.02em;
overflow-wrap:anywhere}
.about{display:flex;flex-wrap:wrap;gap:4px 14px;color:var(--muted);font-size:13px}
.delta{font-size:13px;color:var(--muted)}.delta strong{color:var(--text)}
.card .spark{width:100%;height:32px;margin-top:auto;padding-top:6px}
.empty{color:var(--muted)}
figure+figure{margin-top:26px}
figcaption{font-weight:600;font-size:14px;margin-bottom:8px}
svg.picture{display:block;width:100%;height:auto;overflow:visible}
svg.picture.narrow{display:none;max-width:560px}
summary{cursor:pointer;font-size:13px;color:var(--muted)}
details>.scroll{margin-top:10px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,220px),1fr));gap:12px 24px}
dt{color:var(--muted);font-size:13px}dd{margin:0;overflow-wrap:anywhere}
.warnings{padding-left:20px}
footer{margin-top:24px;color:var(--muted);font-size:13px}
@media (max-width:800px){body{padding:20px 12px 32px}h1{font-size:23px}
section{padding:16px 14px}
svg.picture.wide{display:none}svg.picture.narrow{display:block}}
";

const TABLES: &str = "\
.scroll{position:relative;overflow:auto;max-height:564px;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:13px}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:7px 12px;text-align:left;white-space:nowrap;border-top:1px solid var(--line);font-weight:400}
thead th{position:sticky;top:0;background:var(--card);border-top:0;color:var(--muted);font-size:12px;
font-weight:600;box-shadow:inset 0 -1px var(--line)}
tbody tr:first-child>*{border-top:0}
tfoot th,tfoot td{position:sticky;bottom:0;background:var(--card);font-weight:650;
box-shadow:inset 0 1px var(--line)}
.n{text-align:right}
@media (max-width:800px){th,td{padding:6px 9px}}
.why{white-space:normal;min-width:220px}
.share{color:var(--muted)}
.none{color:var(--muted)}
.picture-cell{padding-left:0}
.wide-cell{width:40%;min-width:96px}
.rest{display:block;color:var(--muted);font-size:12px}
.sign{color:var(--warn);font-weight:600}
.bar{display:block;width:100%;min-width:80px;height:10px;border-radius:3px}
.breakdown .spark{display:block;width:96px;height:20px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.badge{display:inline-block;padding:0 7px;border:1px solid var(--line);border-radius:999px;
font-size:12px;line-height:1.5;color:var(--muted);white-space:nowrap}
.badge.settling,.badge.missing,.badge.demo{color:var(--warn);border-color:currentColor}
";

const SWATCHES: &str = "\
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:10px;color:var(--muted);font-size:12px}
.legend>span{display:inline-flex;align-items:center;gap:6px}
.swatch{display:inline-block;width:14px;height:14px;border-radius:3px;background:var(--track)}
.swatch0{background:var(--tone0)}.swatch1{background:var(--tone1)}
.swatch2{background:var(--tone2)}.swatch3{background:var(--tone3)}
.hatch0{background:repeating-linear-gradient(135deg,var(--tone0) 0 2px,var(--tint0) 2px 4px)}
.hatch1{background:repeating-linear-gradient(135deg,var(--tone1) 0 2px,var(--tint1) 2px 4px)}
.hatch2{background:repeating-linear-gradient(135deg,var(--tone2) 0 2px,var(--tint2) 2px 4px)}
.hatch3{background:repeating-linear-gradient(135deg,var(--tone3) 0 2px,var(--tint3) 2px 4px)}
.gap{background:repeating-linear-gradient(45deg,var(--absent) 0 1px,transparent 1px 4px);
border:1px dashed var(--absent)}
.dotted{background:none;border:1px dotted var(--text)}
.swatch.heat0{background:var(--heat0)}.swatch.heat1{background:var(--heat1)}
.swatch.heat2{background:var(--heat2)}.swatch.heat3{background:var(--heat3)}
.swatch.heat4{background:var(--heat4)}.swatch.heat5{background:var(--heat5)}
";

const PAPER: &str = "\
@media print{@page{margin:14mm}
body{max-width:none;padding:0;background:none;font-size:10pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,.caution a{display:none}
svg.picture.wide{display:block}svg.picture.narrow{display:none}
section,.card{border-color:#bbb}
section{padding:14px 16px}
figure,.card,tr{break-inside:avoid}h2,h3,figcaption{break-after:avoid}
.scroll{overflow:visible;max-height:none;border:0}
th,td{white-space:normal;padding:4px 6px}thead th,tfoot th,tfoot td{position:static}
table{font-size:8.5pt}tfoot{display:table-row-group}.n{white-space:nowrap}.wide-cell{width:25%}
svg.picture text{font-size:15px}
details::details-content{content-visibility:visible;display:block;block-size:auto}
summary{list-style:none}}
";
