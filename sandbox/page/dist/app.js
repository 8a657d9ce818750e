// Built from src/ by `make page`.
var M=class extends Error{constructor(t,s){super(t),this.field=s??""}},bt=()=>S("GET","state"),wt=e=>S("GET",`log${e?`?since=${encodeURIComponent(e)}`:""}`),st=()=>S(
"GET","faults"),nt=e=>S("PUT","faults",e),gt=()=>S("GET","clock"),yt=e=>S("POST","clock",e),B=e=>S("POST","interactions",e),kt=(e,t)=>S("POST",`channels/${encodeURIComponent(
e)}/messages`,t);async function xt(e,t){return(await S("GET",`channels/${encodeURIComponent(e)}/messages?as=${encodeURIComponent(t)}`)).messages??[]}async function S(e,t,s){
let n={method:e,signal:AbortSignal.timeout(3e4),cache:"no-store"};s!==void 0&&(n.headers={"Content-Type":"application/json"},n.body=JSON.stringify(s));let i;try{
i=await fetch(`/sandbox/${t}`,n)}catch(o){throw new M(o.name==="TimeoutError"?"The sandbox took longer than 30 seconds to answer. Try again.":"The sandbox can't\
 be reached. Is sitrep still running? Start it again and this page picks up by itself.")}let a=await i.json().catch(()=>({}));if(!i.ok)throw new M(a.error??a.message??
`The sandbox answered with status ${i.status}.`,a.field);return a}var ke=["message","message_update","message_delete","clock","commands","state","bot"];function vt(e,t,s){
let n=new EventSource(`/sandbox/events?as=${encodeURIComponent(e)}`);for(let i of ke)n.addEventListener(i,a=>t(i,xe(a.data)));return n.addEventListener("open",()=>s(
!0)),n.addEventListener("error",()=>s(!1)),n}function xe(e){try{return JSON.parse(e)}catch{return null}}function R(e){switch(e.error){case null:case void 0:case"":
return null;case"timeout":return"The application did not respond";case"not_connected":return"The bot isn't connected, so nobody answered. Start it and try again\
.";case"rejected":return`The bot's answer broke one of Discord's rules and was refused${e.reason?`: ${e.reason}`:"."}`;default:return`No answer: ${e.error}`}}function $t(e){return{read(t,s){try{return JSON.parse(e().getItem(`sitrep.${t}`))??s}catch{return s}},write(t,s){try{s===null?e().removeItem(`sitrep.${t}`):e().
setItem(`sitrep.${t}`,JSON.stringify(s))}catch{}}}}var $=$t(()=>localStorage),D=$t(()=>sessionStorage);function r(e,t={},...s){let n=document.createElement(e);for(let[i,a]of Object.entries(t))ve(n,i,a);return n.append(...s.flat(1/0).filter(i=>i!=null&&i!==!1)),n}
function ve(e,t,s){s==null||s===!1||(typeof s=="function"?e.addEventListener(t.slice(2),s):t==="value"?e.value=s:e.setAttribute(t,s===!0?"":s))}function c(e){return document.
getElementById(e)}var Et=0;function E(e){return Et+=1,`${e}-${Et}`}function C(e){let t=URL.parse(String(e));return t&&(t.protocol==="https:"||t.protocol==="http\
:")?t.href:null}var $e={text:"M9 3 7 21M17 3l-2 18M4 8h17M3 16h17",news:"M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6M7 14l1.5 6",thread:"M5 5v8a3 3 0 0 0 3 3h8M13 \
12l4 4-4 4M10 6h9M10 10h6",send:"M4 12 20 4l-5 16-3-7z",plus:"M12 5v14M5 12h14",menu:"M4 7h16M4 12h16M4 17h16",more:"M5 12h.01M12 12h.01M19 12h.01",reply:"M9 7 \
4 12l5 5M4 12h10a6 6 0 0 1 6 6",eye:"M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",warn:"M12 3 2 20h20zM12 10v4M12 17h.01",file:"\
M6 2h8l4 4v16H6zM14 2v5h4"};function y(e){let t="http://www.w3.org/2000/svg",s=document.createElementNS(t,"svg"),n=document.createElementNS(t,"path");for(let[i,
a]of[["viewBox","0 0 24 24"],["class","drawing"],["aria-hidden","true"]])s.setAttribute(i,a);return n.setAttribute("d",$e[e]),s.append(n),s}var Ee={t:{timeStyle:"short"},T:{timeStyle:"medium"},d:{dateStyle:"short"},D:{dateStyle:"long"},f:{dateStyle:"long",timeStyle:"short"},F:{dateStyle:"full",timeStyle:"\
short"},s:{dateStyle:"short",timeStyle:"short"},S:{dateStyle:"short",timeStyle:"medium"}},Se=864e10;function St(e,t){let[,s,n="f"]=/^t:(-?\d{1,13})(?::([tTdDfFsSR]))?$/.
exec(e)??[];if(s===void 0||Math.abs(s)>Se)return null;let i=new Date(Number(s)*1e3),a=r("time",{datetime:i.toISOString(),title:k(i,"F")});return n==="R"?(a.dataset.
relative=s,a.textContent=_t(i,t())):a.textContent=k(i,n),a}function k(e,t){return new Intl.DateTimeFormat(document.documentElement.dataset.locale,Ee[t]).format(
e)}function Ct(e){return new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"short",day:"numeric",month:"short",year:"numeric",hour:"2-digit",minute:"2-dig\
it"}).format(e)}var Ce=[["year",31536e3,320*86400],["month",2592e3,26*86400],["day",86400,22*3600],["hour",3600,2700],["minute",60,45],["second",1,0]];function _t(e,t){
let s=Math.round((e-t)/1e3),[n,i]=Ce.find(([,,a])=>Math.abs(s)>=a);return new Intl.RelativeTimeFormat(document.documentElement.dataset.locale,{numeric:"auto"}).
format(Math.round(s/i),n)}function it(e,t){for(let s of e.querySelectorAll("time[data-relative]")){let n=_t(new Date(Number(s.dataset.relative)*1e3),t());s.textContent!==
n&&(s.textContent=n)}}var _e=864e5;function U(e){return new Date(e.getFullYear(),e.getMonth(),e.getDate())}function Lt(e,t){let s=Math.round((U(new Date(t))-U(e))/
_e);if(s!==0&&s!==1)return k(e,"s");let n=new Intl.RelativeTimeFormat(document.documentElement.dataset.locale,{numeric:"auto"}).format(-s,"day");return`${n[0].toLocaleUpperCase()}${n.
slice(1)}, ${k(e,"t")}`}function at(e,t){return U(e).getTime()===U(t).getTime()}var W=12;function _(e,t={},s=Date.now){let n=document.createDocumentFragment();return n.append(...rt(String(e??"").replaceAll(`\r
`,`
`).split(`
`),{names:t,now:s,depth:0})),n}function O(e,t={},s=Date.now){let n=document.createDocumentFragment();return n.append(...L(String(e??""),{names:t,now:s,depth:0})),
n}var Le=[[/^```/,Oe],[/^#{1,3} +\S/,Me],[/^-# +\S/,De],[/^>>> /,Ie],[/^> /,Ae],[/^ *(?:[-*]|\d{1,9}\.) +\S/,Mt]];function rt(e,t){let s=[],n=[],i=()=>{n.some(a=>a.
trim()!=="")&&s.push(r("p",{},L(n.join(`
`).replace(/^\n+|\n+$/g,""),t))),n=[]};for(let a=0;a<e.length;){let o=Te(e,a,t);o?(i(),s.push(o.node),a=o.next):n.push(e[a++])}return i(),s}function Te(e,t,s){let n=Le.
find(([i])=>i.test(e[t]));return n&&s.depth<W?n[1](e,t,{...s,depth:s.depth+1}):null}function Me(e,t,s){let[,n,i]=/^(#{1,3}) +(.*)$/.exec(e[t]);return{node:r("di\
v",{class:`h h${n.length}`,role:"heading","aria-level":n.length+2},L(i,s)),next:t+1}}function De(e,t,s){return{node:r("p",{class:"subtext"},L(e[t].replace(/^-# +/,
""),s)),next:t+1}}function Ae(e,t,s){let n=t;for(;n<e.length&&e[n].startsWith("> ");)n++;return{node:r("blockquote",{},rt(e.slice(t,n).map(i=>i.slice(2)),s)),next:n}}
function Ie(e,t,s){let n=[e[t].slice(4),...e.slice(t+1)];return{node:r("blockquote",{},rt(n,s)),next:e.length}}function Oe(e,t){let s=e.slice(t).join(`
`).slice(3),n=s.indexOf("```");if(n<0)return null;let i=s.slice(0,n).replace(/^[\w+-]*\n/,"").replace(/\n$/,""),a=t+s.slice(0,n).split(`
`).length,o=s.slice(n+3).split(`
`)[0],l=r("pre",{tabindex:"0"},r("code",{},i));return o.trim()!==""?(e[a-1]=o,{node:l,next:a-1}):{node:l,next:a}}var Tt=/^( *)([-*]|\d{1,9}\.) +(.*)$/;function Mt(e,t,s){
let[,n,i]=Tt.exec(e[t]),a=/\d/.test(i),o=r(a?"ol":"ul",a?{start:parseInt(i,10)}:{}),l=t;for(;l<e.length;){let d=Tt.exec(e[l]);if(!d||d[1].length<n.length)break;
if(d[1].length>n.length+1&&o.lastChild&&s.depth<W){let u=Mt(e,l,{...s,depth:s.depth+1});o.lastChild.append(u.node),l=u.next}else{if(/\d/.test(d[2])!==a)break;o.
append(r("li",{},L(d[3],s))),l++}}return{node:o,next:l}}var Ne=[["***",e=>r("strong",{},r("em",{},e))],["**",e=>r("strong",{},e)],["__",e=>r("u",{},e)],["~~",e=>r(
"s",{},e)],["||",qe],["*",e=>r("em",{},e)],["_",e=>r("em",{},e)]];function qe(e){return r("button",{type:"button",class:"spoiler","aria-expanded":"false","aria-\
label":"Spoiler: show",onclick:s=>{s.currentTarget.setAttribute("aria-expanded","true"),s.currentTarget.removeAttribute("aria-label")}},r("span",{class:"spoiler\
-inside"},e))}function L(e,t){let s=[],n="",i=()=>{n!==""&&s.push(n),n=""};for(let a=0;a<e.length;){let o=Fe(e,a,t);o?typeof o.node=="string"?(n+=o.node,a=o.next):
(i(),s.push(o.node),a=o.next):n+=e[a++]}return i(),s}function Fe(e,t,s){switch(e[t]){case"\\":return/[!-/:-@[-`{-~]/.test(e[t+1]??"")?{node:e[t+1],next:t+2}:null;case"\
`":return Be(e,t);case"<":return He(e,t,s);case"[":return Pe(e,t,s);case"h":return ze(e,t);case`
`:return{node:r("br"),next:t+1};default:return Re(e,t,s)}}function Be(e,t){let s=/^`{1,3}/.exec(e.slice(t,t+3))[0],n=e.indexOf(s,t+s.length);if(n<=t+s.length)return null;
let i=e.slice(t+s.length,n);return{node:r("code",{},s==="`"?i:i.trim()),next:n+s.length}}function Re(e,t,s){if(s.depth>=W||!"*_~|".includes(e[t]))return null;for(let[
n,i]of Ne){if(!e.startsWith(n,t)||!je(e,t,n))continue;let a=Ue(e,t+n.length,n);if(a>0)return{node:i(L(e.slice(t+n.length,a),{...s,depth:s.depth+1})),next:a+n.length}}
return null}function je(e,t,s){let n=e[t+s.length]??" ";return s==="_"?!/\w/.test(e[t-1]??" ")&&n.trim()!=="":s!=="*"||n.trim()!==""}function Ue(e,t,s){for(let n=t;n<
e.length;n++)if(e[n]==="\\")n++;else if(e[n]==="`"){let i=e.indexOf("`",n+1);n=i<0?n:i}else{if(e.startsWith(s,n)&&n>t&&We(e,n,s))return n;s.length===1&&e[n]===s&&
e[n+1]===s&&n++}return-1}function We(e,t,s){let n=e[t+s.length]??" ";switch(s){case"_":return!/\w/.test(n)&&(n!=="_"||e[t-1]==="_");case"*":return e[t-1].trim()!==
""&&n!=="*";case"**":case"__":return n!==s[0];default:return!0}}function Pe(e,t,s){let n=/\[((?:[^[\]\\]|\\.|\[[^[\]]*\])+)\]\(<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: +"[^"\n]*")?\)/y;
n.lastIndex=t;let i=n.exec(e),a=i&&C(i[2]);return!a||s.depth>=W?null:{node:ot(a,L(i[1],{...s,depth:s.depth+1})),next:n.lastIndex}}function ze(e,t){if(/\w/.test(
e[t-1]??" "))return null;let s=/https?:\/\/[^\s<>"']{1,2000}/y;s.lastIndex=t;let n=s.exec(e)?.[0].replace(/[.,:;!?*_~|\])]+$/,""),i=n&&C(n);return i?{node:ot(i,
[n]),next:t+n.length}:null}function ot(e,t){return r("a",{href:e,target:"_blank",rel:"noopener noreferrer",title:e},t)}function He(e,t,s){let n=e.indexOf(">",t);
if(n<0||n-t>2e3)return null;let i=e.slice(t+1,n),a=St(i,s.now)??Ge(i,s.names)??Je(i);return a?{node:a,next:n+1}:null}function Je(e){let t=/^https?:\/\/\S+$/.test(
e)&&C(e);return t?ot(t,[e]):null}function Ge(e,t){let[,s,n]=/^(@!?|@&|#)(\d{1,20})$/.exec(e)??[],i=l=>r("span",{class:"mention"},l);switch(s){case"@":case"@!":return i(
`@${t.user?.(n)??"unknown-user"}`);case"@&":return i(`@${t.role?.(n)??"unknown-role"}`);case"#":return t.channel?.(n)?r("button",{type:"button",class:"mention",
"data-open":n},`#${t.channel(n)}`):i("#unknown")}let a=/^\/([^:<>]{1,100}):\d{1,20}$/.exec(e);if(a)return r("button",{type:"button",class:"mention","data-comman\
d":a[1]},`/${a[1]}`);let o=/^a?:(\w{1,32}):\d{1,20}$/.exec(e);return o?`:${o[1]}:`:null}var A=class{constructor(t){this.root=t,this.items=[],this.active=-1,this.owner=null,this.walked=!1,t.addEventListener("mousedown",s=>s.preventDefault())}get open(){
return!this.root.hidden}show(t,s,n,i=""){if(this.close(),s.length===0&&i==="")return;this.owner=t,this.items=s;let a=s.map(o=>this.row(o));this.root.replaceChildren(
...a.length>0?a:[r("li",{class:"none",role:"option","aria-disabled":"true"},i)]),this.root.hidden=!1,t.setAttribute("aria-expanded","true"),t.setAttribute("aria\
-controls",this.root.id),this.activate(n&&s.length>0?0:-1),this.walked=!1}row(t){return r("li",{role:"option",id:E("option"),"aria-selected":"false",class:t.chosen?
"chosen":null,onclick:()=>t.pick()},r("span",{class:"name"},t.name),t.about?r("span",{class:"about"},t.about):null)}close(){this.root.hidden=!0,this.root.replaceChildren(),
this.items=[],this.active=-1,this.owner?.setAttribute("aria-expanded","false"),this.owner?.removeAttribute("aria-activedescendant"),this.owner=null}move(t){let s=this.
items.length;s>0&&(this.walked=!0,this.activate(this.active<0?t>0?0:s-1:(this.active+t+s)%s))}jump(t){this.activate(t<0?this.items.length-1:t)}activate(t){this.
active=t,[...this.root.children].forEach((n,i)=>n.setAttribute("aria-selected",String(i===t)));let s=this.root.children[t];s?(this.owner.setAttribute("aria-acti\
vedescendant",s.id),s.scrollIntoView({block:"nearest"})):this.owner.removeAttribute("aria-activedescendant")}pick(){let t=this.items[this.active];return t?.pick(),
!!t}};function P({label:e,name:t,items:s,chosen:n,disabled:i=!1,least:a=1,most:o=1,kind:l="select"}){let d=r("ul",{role:"listbox",id:E("list"),class:"popup-list",hidden:!0,
"aria-label":t}),u=r("button",{type:"button",role:"combobox",class:l,"aria-haspopup":"listbox","aria-expanded":"false","aria-controls":d.id,"aria-label":t,disabled:i},
r("span",{class:"clip"},e),l==="select"?r("span",{class:"caret","aria-hidden":"true"}):null),h=new A(d);o>1&&d.setAttribute("aria-multiselectable","true");let m=new Set,
b=()=>h.open?h.close():w(),w=()=>{m.clear(),s().filter(p=>p.chosen).forEach(p=>m.add(p.value)),g(0)},g=p=>{h.show(u,we(),!1),h.activate(Math.min(p,h.items.length-
1)),d.scrollIntoView({block:"nearest"})},be=()=>[...s().map(p=>({...p,pick:()=>tt([p.value])})),...a===0&&m.size>0?[{name:"Choose nothing",pick:()=>tt([])}]:[]],
we=()=>o>1?ge():be(),ge=()=>[...s().map((p,et)=>({...p,name:`${m.has(p.value)?"☑":"☐"} ${p.name}`,chosen:m.has(p.value),pick:()=>ye(p.value,et)})),{name:`Do\
ne (${m.size} chosen)`,about:m.size<a?`choose at least ${a}`:`of ${o} at most`,pick:()=>m.size>=a&&tt([...m])}],ye=(p,et)=>{!m.delete(p)&&m.size<o&&m.add(p),g(et)},
tt=p=>{h.close(),n(p)};return u.addEventListener("click",b),d.addEventListener("pointerdown",p=>p.preventDefault()),u.addEventListener("blur",()=>h.close()),u.addEventListener(
"keydown",p=>Ve(p,h,w)),r("span",{class:"popup"},u,d)}function Ve(e,t,s){if(!t.open){(e.key==="ArrowDown"||e.key==="ArrowUp")&&(e.preventDefault(),s());return}let n={
ArrowDown:1,ArrowUp:-1};if(n[e.key])t.move(n[e.key]);else if(e.key==="Enter"||e.key===" ")t.pick();else if(e.key==="Escape")t.close();else if(e.key==="Home"||e.
key==="End")t.activate(e.key==="Home"?0:t.items.length-1);else if(e.key.length===1)Ke(t,e.key);else return;e.preventDefault()}function Ke(e,t){let n=[...e.items.
keys()].map(i=>(e.active+1+i)%e.items.length).find(i=>e.items[i].name.toLowerCase().startsWith(t.toLowerCase()));n!==void 0&&e.activate(n)}var f={row:1,button:2,strings:3,input:4,users:5,roles:6,mentionables:7,channels:8,section:9,text:10,thumbnail:11,gallery:12,file:13,separator:14,container:17,label:18,
upload:19,radios:21,checks:22,check:23};function N(e,t){return(Array.isArray(e)?e:[]).map(s=>It(s,t))}function It(e,t){switch(e.type){case f.row:return r("div",
{class:"row"},N(e.components,t));case f.button:return Xe(e,t);case f.strings:case f.users:case f.roles:case f.mentionables:case f.channels:return es(e,t);case f.
section:return r("div",{class:"section"},r("div",{class:"section-text"},N(e.components,t)),e.accessory?It(e.accessory,t):null);case f.text:return r("div",{class:"\
text",dir:"auto"},_(e.content,t.names,t.now));case f.thumbnail:return r("div",{class:"thumbnail"},Dt(e,t));case f.gallery:return r("div",{class:"gallery","data-\
count":e.items?.length??0},(e.items??[]).map(s=>Dt(s,t)));case f.file:return e.spoiler?lt(H(e.file?.url,e.name,t,e.size)):H(e.file?.url,e.name,t,e.size);case f.
separator:return r("hr",{class:`separator${e.divider===!1?" clear":""}${e.spacing===2?" wide":""}`});case f.container:return Ye(e,t);default:return r("p",{class:"\
subtext"},`A part of this message (component type ${Number(e.type)}) can't be shown here.`)}}function Ye(e,t){let s=r("div",{class:"container"},N(e.components,t));
return Ot(s,e.accent_color),e.spoiler?lt(s):s}function Ot(e,t){Number.isInteger(t)&&(e.classList.add("accented"),e.style.setProperty("--accent-line",`#${t.toString(
16).padStart(6,"0")}`))}function lt(e){return r("details",{class:"hidden-part"},r("summary",{},"Spoiler: show"),e)}var Ze=["","primary","secondary","success","d\
anger","link","secondary"],Qe=5;function Xe(e,t){let s=[ts(e.emoji),e.label?r("span",{},e.label):null];if(e.style===Qe){let n=C(e.url);return r("a",{class:"butt\
on link",href:n,target:"_blank",rel:"noopener noreferrer",title:n},s,r("span",{"aria-hidden":"true"}," ↗"),r("span",{class:"sr"}," (opens elsewhere)"))}return r(
"button",{type:"button",class:`button ${Ze[e.style]??"secondary"}`,"data-custom-id":e.custom_id,disabled:e.disabled,"aria-label":e.label?null:e.emoji?.name,onclick:()=>t.
use(e.custom_id)},s)}function ts(e){return e?.name?r("span",{class:"emoji"},e.id?`:${e.name}:`:e.name," "):null}function es(e,t){let s=()=>ct(e,t.guild),n=s().filter(
o=>o.chosen).map(o=>o.name).join(", "),i=e.placeholder||"Make a selection",a=P({label:n||i,name:n?`${i}: ${n}`:i,items:s,disabled:e.disabled,least:e.min_values??
1,most:e.max_values??1,chosen:o=>t.use(e.custom_id,o)});return a.firstChild.dataset.customId=e.custom_id,a}function ct(e,t){if(e.type===f.strings)return(e.options??
[]).map(o=>({name:`${o.emoji?.name&&!o.emoji.id?`${o.emoji.name} `:""}${o.label}`,about:o.description,value:o.value,chosen:!!o.default}));let s=new Set((e.default_values??
[]).map(o=>o.id)),n=(o,l)=>o.map(d=>({name:l+d.name.replace(/^@/,""),value:d.id,chosen:s.has(d.id)})),i=()=>n(t.members,"@"),a=()=>n(t.roles,"@");switch(e.type){case f.
users:return i();case f.roles:return a();case f.mentionables:return[...i(),...a()];default:return n(t.channels.filter(o=>!e.channel_types?.length||e.channel_types.
includes(o.type)),"#")}}function Dt(e,t){return q(e.media?.url,e.description,t.attachments,e.spoiler)}function q(e,t,s,n=!1){return n?lt(At(e,t,s)):At(e,t,s)}function At(e,t,s){
let n=z(e,s);if(!n){let o=C(e);return o?r("a",{href:o,target:"_blank",rel:"noopener noreferrer"},t||o):r("span",{},t||"A picture that isn't there.")}let i=r("a",
{href:n,target:"_blank",class:"picture"},r("img",{src:n,alt:t||"",...ss(n,s)})),a=t?r("details",{class:"alt"},r("summary",{},"ALT",r("span",{class:"sr"},", desc\
ription of the picture")),r("p",{},t)):r("span",{class:"alt-missing"},"no description");return r("figure",{},i,a)}function ss(e,t=[]){let s=t.find(n=>z(n.url)===
e);return s?.width?{width:s.width,height:s.height}:{}}function z(e,t=[]){let s=/^attachment:\/\/(.+)$/.exec(e??"")?.[1],n=s?t.find(o=>o.filename===s)?.url:e,i=URL.
parse(n??"",location.href);return["127.0.0.1","localhost","[::1]",location.hostname].includes(i?.hostname)&&i.port===location.port&&i.pathname.startsWith("/atta\
chments/")?i.pathname:null}function H(e,t,s,n){let i=z(e,s.attachments),a=t||i?.split("/").at(-1)||"file",o=n??s.attachments?.find(d=>z(d.url)===i)?.size,l=[y("\
file"),r("span",{},a),o===void 0?null:r("span",{class:"soft"},ns(o))];return i?r("a",{class:"file",href:i,download:a},l):r("span",{class:"file"},l)}function ns(e){
let[t,s]=[["MB",1e6],["kB",1e3],["bytes",1]].find(([,n])=>e>=n)??["bytes",1];return`${(e/s).toFixed(s>1?1:0)} ${t}`}function Nt(e,t){let s=o=>_(o,t.names,t.now),
n=C(e.url),i=e.title&&O(e.title,t.names,t.now),a=r("div",{class:"container embed",dir:"auto"},e.thumbnail?.url?r("div",{class:"thumbnail"},q(e.thumbnail.url,e.thumbnail.
description??"",t.attachments)):null,e.author?.name?r("p",{class:"subtext"},e.author.name):null,i?r("p",{class:"embed-title"},n?r("a",{href:n,target:"_blank",rel:"\
noopener noreferrer"},i):i):null,e.description?r("div",{class:"text"},s(e.description)):null,e.fields?.length?r("dl",{class:"fields"},e.fields.map(o=>r("div",{class:o.
inline?"inline":null},r("dt",{},O(o.name,t.names,t.now)),r("dd",{},s(o.value))))):null,e.image?.url?q(e.image.url,e.image.description??"",t.attachments):null,is(
e));return Ot(a,e.color),a}function is(e){let t=new Date(e.timestamp??NaN),s=[e.footer?.text,Number.isNaN(t.getTime())?"":k(t,"s")].filter(Boolean);return s.length>
0?r("p",{class:"subtext"},s.join(" • ")):null}var x={text:3,whole:4,truth:5,user:6,channel:7,role:8,mentionable:9,number:10,attachment:11};function v(e,t,s){return(e[`${t}_localizations`]??{})[s]??e[t]??""}
function Bt(e,t){return e.flatMap(n=>Rt(n,[],[],t)).sort((n,i)=>n.shown.localeCompare(i.shown))}function Rt(e,t,s,n){let i=[...t,e.name],a=[...s,v(e,"name",n)],
o=(e.options??[]).filter(l=>l.type===1||l.type===2);return o.length>0?o.flatMap(l=>Rt(l,i,a,n)):[{path:i.join(" "),shown:a.join(" "),about:v(e,"description",n),
options:e.options??[]}]}function jt(e,t){let s=t.toLowerCase().replace(/ +/g," "),n=a=>a.shown.toLowerCase().startsWith(s)||a.path.startsWith(s),i=a=>a.shown.toLowerCase().
includes(s)||a.path.includes(s);return[...e.filter(n),...e.filter(a=>!n(a)&&i(a))]}function J(e,t,s){switch(e.type){case x.truth:return[{name:"True",value:!0},{
name:"False",value:!1}];case x.user:return qt(t);case x.role:return Ft(t);case x.mentionable:return[...qt(t),...Ft(t)];case x.channel:return t.channels.filter(n=>!e.
channel_types?.length||e.channel_types.includes(n.type)).map(n=>({name:`#${n.name}`,value:n.id}));default:return e.choices?.length?e.choices.map(n=>({name:v(n,"\
name",s),value:n.value})):null}}function qt(e){return e.members.map(t=>({name:`@${t.name}`,value:t.id}))}function Ft(e){return e.roles.map(t=>({name:t.name.startsWith(
"@")?t.name:`@${t.name}`,value:t.id}))}function Ut(e,t){return e.type===x.whole||e.type===x.number?rs(e,t):as(e,t)}function as(e,t){let s=[...t].length;return s<
(e.min_length??0)?{problem:`${e.name} takes at least ${e.min_length} characters.`}:s>(e.max_length??6e3)?{problem:`${e.name} takes at most ${e.max_length} chara\
cters.`}:{value:t}}function rs(e,t){let s=Number(t.trim().replace(",","."));return t.trim()===""||!Number.isFinite(s)?{problem:`${e.name} takes a number.`}:e.type===
x.whole&&!Number.isSafeInteger(s)?{problem:`${e.name} takes a whole number.`}:s<(e.min_value??-1/0)?{problem:`${e.name} is at least ${e.min_value}.`}:s>(e.max_value??
1/0)?{problem:`${e.name} is at most ${e.max_value}.`}:{value:s}}var os=10*1024*1024;function I(e){return e.size>os?Promise.reject(new Error(`${e.name} is larger\
 than 10 MiB, which is Discord's limit.`)):new Promise((t,s)=>{let n=new FileReader;n.onload=()=>t({filename:e.name,base64:String(n.result).split(",",2)[1]??""}),
n.onerror=()=>s(new Error(`${e.name} can't be read.`)),n.readAsDataURL(e)})}function zt(e,t,{send:s,keep:n,values:i}){let a=c("modal"),o=document.activeElement,l=new Map,d=r("p",{class:"problem",role:"alert"}),u=r("button",{type:"submit",
class:"button primary"},"Submit"),h=r("h2",{id:E("title"),dir:"auto"},e.title??""),m=r("form",{"aria-labelledby":h.id,onsubmit:b=>cs(b,{dialog:a,readers:l,problem:d,
submit:u,send:s})},h,(e.components??[]).map(b=>ds(b,t,l)),d,r("div",{class:"row end"},r("button",{type:"button",class:"button secondary",onclick:()=>a.close()},
"Cancel"),u));a.setAttribute("aria-labelledby",h.id),a.replaceChildren(m),a.addEventListener("close",()=>{n(null),(o?.isConnected&&o!==document.body?o:c("entry")).
focus()},{once:!0}),ls(m,i),n(i??Wt(m)),m.addEventListener("input",()=>n(Wt(m))),a.showModal(),m.querySelector("input, textarea, select")?.focus()}function Ht(e){
return[...e.querySelectorAll("input:not([type=file]), textarea, select")]}var Jt=e=>e.type==="checkbox"||e.type==="radio";function Wt(e){return Ht(e).map(t=>Jt(
t)?t.checked:t.value)}function ls(e,t){Ht(e).forEach((s,n)=>{t?.[n]!==void 0&&(s[Jt(s)?"checked":"value"]=t[n],s.dispatchEvent(new Event("input",{bubbles:!0})))})}
async function cs(e,{dialog:t,readers:s,problem:n,submit:i,send:a}){e.preventDefault(),n.textContent="",i.disabled=!0,i.textContent="Sending…";try{let o={};for(let[
d,u]of s)o[d]=await u();let l=await a(o);l===null?t.close():n.textContent=l}catch(o){n.textContent=o.message}finally{i.disabled=!1,i.textContent="Submit"}}function ds(e,t,s){
switch(e.type){case f.text:return r("div",{class:"text",dir:"auto"},_(e.content,t.names,t.now));case f.row:return(e.components??[]).map(n=>Pt(n,n.label??"","",t,
s));case f.label:return Pt(e.component??{},e.label,e.description,t,s);default:return r("p",{class:"subtext"},`A field of type ${Number(e.type)} can't be shown h\
ere.`)}}function Pt(e,t,s,n,i){let a=us(e,n,E("field"));i.set(e.custom_id,a.read);let o=e.required===!1||e.type===f.check,l=[t,o?r("span",{class:"optional"}," o\
ptional"):r("span",{class:"needed","aria-hidden":"true"}," *")],d=s?r("span",{class:"hint",id:E("hint")},s):null,u=a.node.matches("input, textarea, select")?a.node:
null;return u?(d&&u.setAttribute("aria-describedby",d.id),r("div",{class:"field"},r("label",{for:u.id},l),d,u,ms(e,u))):r("fieldset",{class:"field","aria-descri\
bedby":d?.id},r("legend",{},l),d,a.node)}function us(e,t,s){switch(e.type){case f.input:return hs(e,s);case f.upload:return fs(e,s);case f.check:{let n=r("input",
{type:"checkbox",id:s,checked:e.default});return{node:n,read:()=>n.checked}}case f.radios:return dt(e,e.options,"radio",s);case f.checks:return dt(e,e.options,"\
checkbox",s);default:return ps(e,ct(e,t.guild),s)}}function hs(e,t){let s={id:t,name:e.custom_id,placeholder:e.placeholder,maxlength:e.max_length??4e3,minlength:e.
min_length||null,required:e.required!==!1,value:e.value??"",autocomplete:"off"},n=e.style===2?r("textarea",{rows:4,...s}):r("input",{type:"text",...s});return{node:n,
read:()=>n.value}}function ms(e,t){if(e.type!==f.input||!e.max_length)return null;let s=e.min_length?`at least ${e.min_length} · `:"",n=r("span",{class:"count",
"aria-hidden":"true"}),i=()=>{n.textContent=`${s}${t.value.length} / ${e.max_length}`};return t.addEventListener("input",i),i(),n}function fs(e,t){let s=r("inpu\
t",{type:"file",id:t,multiple:(e.max_values??1)>1,required:e.required!==!1});return{node:s,read:()=>Promise.all([...s.files].map(I))}}function ps(e,t,s){if((e.max_values??
1)>1)return dt(e,t.map(a=>({label:a.name,description:a.about,value:a.value,default:a.chosen})),"checkbox",s);let n=e.required!==!1,i=r("select",{id:s,name:e.custom_id,
required:n},r("option",{value:""},e.placeholder||(n?"Choose one":"None")),t.map(a=>r("option",{value:a.value,selected:a.chosen},a.about?`${a.name} (${a.about})`:
a.name)));return{node:i,read:()=>i.value===""?[]:[i.value]}}function dt(e,t,s,n){let i=t??[],a=s==="radio"?1:e.max_values??i.length,o=r("div",{class:"choices"},
a>1&&a<i.length?r("span",{class:"hint"},`Choose ${a} at most`):null,i.map(u=>r("label",{class:"choice"},r("input",{type:s,name:n,value:u.value,checked:u.default,
required:s==="radio"&&e.required!==!1}),r("span",{},u.label,u.description?r("span",{class:"hint"},u.description):null)))),l=()=>[...o.querySelectorAll("input:ch\
ecked")].map(u=>u.value),d=()=>{let u=s==="checkbox"&&l().length>=a;o.querySelectorAll("input").forEach(h=>{h.disabled=u&&!h.checked})};return o.addEventListener(
"input",d),d(),{node:o,read:()=>s==="radio"?l()[0]??null:l()}}var bs=1,ws=4,T=64,Vt=128,gs=4096,ys=32768,Gt={6:"pinned a message to this channel.",12:"follows announcements here now.",18:"started a thread.",21:"started thi\
s thread."};function Kt(e,t,s=!1){let n={...t,attachments:e.attachments??[],use:(o,l)=>t.use(e,o,l)},i=["message",e.author?.bot&&"from-bot",e.flags&T&&"ephemera\
l",s&&"joined",e.failed&&"lost"],a=new Date(e.timestamp);return r("article",{class:i.filter(Boolean).join(" "),"data-message":e.id,tabindex:"-1","aria-label":`${e.
author?.username??"someone"}, ${k(a,"f")}`},s?r("time",{class:"aside","aria-hidden":"true"},k(a,"t")):ut(e.author),r("div",{class:"body"},xs(e,t),ks(e),s?null:$s(
e,t),Es(e,n),..._s(e,t)),Ls(e,t))}function ut(e){let t=e?.username??"?",s=[...t].reduce((n,i)=>n+i.codePointAt(0),0)%6;return r("div",{class:`avatar ${e?.bot?"o\
f-bot":`tint-${s}`}`,"aria-hidden":"true"},e?.bot?"◈":[...t][0].toUpperCase())}function ks(e){let t=e.interaction_metadata;if(!t?.name)return null;let s=t.name!==
t.name.toLowerCase();return r("p",{class:"invoked"},r("b",{dir:"auto"},t.user?.username??"someone")," used ",s?r("span",{class:"mention"},t.name):r("button",{type:"\
button",class:"mention","data-command":t.name},`/${t.name}`))}function xs(e,t){let s=e.message_reference?.message_id;if(!s||e.message_reference.type===1)return null;
let n=e.referenced_message??t.find(s),i=n?[r("b",{dir:"auto"},`@${n.author?.username??"someone"}`)," ",r("span",{class:"clip"},vs(n,t))]:["a message that isn't \
here"];return r("p",{class:"invoked answer"},y("reply"),r("span",{class:"sr"},"In answer to "),i)}function vs(e,t){let s=e.content||e.text||"";return s?O(s.split(
`
`)[0].replace(/^(#{1,3}|-#|>) /,"").slice(0,120),t.names,t.now):"an attachment"}function $s(e,t){let s=new Date(e.timestamp);return r("header",{},r("b",{class:"\
author",dir:"auto"},e.author?.username??"someone"),e.author?.bot?r("span",{class:"badge"},"APP"):null,r("time",{class:"at",datetime:e.timestamp,title:k(s,"F")},
Lt(s,t.now())),e.flags&gs?r("span",{class:"at",title:"Sent without a notification"},"@silent"):null,e.flags&bs?r("span",{class:"at"},"· Published"):null)}function Es(e,t){
if(e.failed)return r("p",{class:"failed"},y("warn"),` ${e.failed}`);if(e.flags&Vt)return r("p",{class:"thinking"},Ss(),` ${e.author?.username??"The bot"} is thi\
nking…`);if(Gt[e.type])return r("p",{class:"thinking"},Gt[e.type]);let s=e.content?r("div",{class:"text",dir:"auto"},_(e.content,t.names,t.now)):null;s&&e.edited_timestamp&&
s.append(r("span",{class:"edited",title:k(new Date(e.edited_timestamp),"F")}," (edited)"));let n=N(e.components,t),i=e.flags&ys?[]:(e.attachments??[]).map(o=>Cs(
o,t)),a=e.flags&ws?[]:e.embeds??[];return r("div",{class:"content"},s,a.map(o=>Nt(o,t)),i,n)}function Ss(){return r("span",{class:"dots","aria-hidden":"true"},"\
● ● ●")}function Cs(e,t){return/^image\//.test(e.content_type??"")?q(e.url,e.description,t.attachments,/^SPOILER_/.test(e.filename)):H(e.url,e.filename,t,
e.size)}function _s(e,t){let s=!!e.edited_timestamp&&!e.content&&!(e.flags&Vt),n=t.failure(e);return[s?r("p",{class:"edited"},"(edited)"):null,n?r("p",{class:"f\
ailed",role:"alert"},y("warn"),` ${n}`):null,...t.threads(e).map(i=>r("button",{type:"button",class:"thread-card",onclick:()=>t.open(i.id)},y("thread"),r("b",{dir:"\
auto"},i.name),r("span",{},"Open the thread ›"))),e.flags&T?r("p",{class:"only-you"},y("eye")," Only you can see this · ",r("button",{type:"button",class:"pl\
ain",onclick:()=>t.dismiss(e)},"Dismiss message")):null]}function Ls(e,t){let s=t.menu(e);return s.length===0?null:r("div",{class:"actions"},P({label:y("more"),
name:`Menu of the message by ${e.author?.username??"someone"}`,kind:"more",items:()=>s.map((n,i)=>({name:n.name,about:n.about,value:String(i)})),chosen:([n])=>s[Number(
n)].run()}))}var Ts=2,Ms=3,G=class{constructor(t){this.page=t,this.failures=new Map,this.lost=[]}async act(t,s=this.page.place()){let n=await B({...s,...t}),i=R(n);return i||
(n.kind==="modal"&&n.modal?this.form(n.modal,s):await this.page.load(n.kind==="message"),null)}form(t,s,n){zt(t,this.page.view(),{values:n,keep:i=>D.write("form",
i&&{modal:t,place:s,values:i}),send:i=>this.act({modal:t.custom_id,fields:i},s)})}resume(){let t=D.read("form",null);t?.modal&&t.place?.user===this.page.member?.
id&&t.place.channel===this.page.channel?.id&&this.form(t.modal,t.place,t.values)}async run(t,s){let n=await this.act({command:t,options:s});if(!n)return null;let{
member:i,channel:a,messages:o,world:l}=this.page;return this.lost.push({id:`lost-${this.lost.length}`,channel:a.id,member:i.id,after:o.at(-1)?.id,failed:n,flags:T,
author:l.self,timestamp:new Date(this.page.now()).toISOString(),interaction_metadata:{name:t,user:{username:i.name}}}),this.page.draw(!0),""}within(t){let s=this.
lost.filter(a=>a.channel===this.page.channel.id&&a.member===this.page.member.id),n=new Set(t.map(a=>a.id)),i=a=>s.filter(o=>o.after===a);return[...t.flatMap(a=>[
a,...i(a.id)]),...s.filter(a=>!n.has(a.after))]}press(t,s,n){return this.trying(t,()=>this.act({message:t.id,custom_id:s,...n?{values:n}:{}}))}async trying(t,s){
this.page.busy(!0),this.failures.delete(t.id);try{this.fail(t,await s())}catch(n){this.fail(t,n.message)}finally{this.page.busy(!1),this.page.draw(!1)}}fail(t,s){
s&&this.failures.set(t.id,s)}menu(t){if(t.failed)return[];let s=!(t.flags&T),n=(a,o,l)=>this.page.usable(a).map(d=>({name:d.name,about:o,run:()=>this.trying(t,()=>this.
act({menu:d.name,...l}))})),i=(a,o)=>({name:a,run:()=>navigator.clipboard.writeText(o).catch(()=>this.page.notify("The browser doesn't let this page copy."))});
return[...s?n(Ms,"App",{message:t.id}):[],...s&&!t.author?.bot?n(Ts,`App, for @${t.author?.username}`,{target:t.author?.id}):[],i("Copy text",t.text||t.content||
""),i("Copy message ID",t.id)]}};function Yt(e,t){let s=Date.now(),n=performance.now(),i=[c("hour"),c("day"),c("next")],a=()=>s+performance.now()-n,o=()=>{let w=new Date(a());c("clock").dateTime=
w.toISOString(),c("clock").textContent=`${Ct(w)} UTC`},l=w=>{let g=Date.parse(w?.now);Number.isFinite(g)&&(s=g,n=performance.now(),o(),t())},d=()=>gt().then(l,()=>{}),
u=!1,h=async w=>{u=!0,i.forEach(g=>g.setAttribute("aria-disabled","true")),c("clock").classList.add("moving");try{e(await w()??"")}catch(g){e(g.message)}finally{
u=!1,setTimeout(d,300),c("clock").classList.remove("moving"),i.forEach(g=>g.removeAttribute("aria-disabled"))}},m=async w=>{let g=await yt({advance:w});return l(
g),g},b=(w,g)=>w.addEventListener("click",()=>w.getAttribute("aria-disabled")||h(g));return b(c("hour"),async()=>V(await m("1h"))),b(c("day"),async()=>V(await m(
"24h"))),b(c("next"),()=>Ds(m)),setInterval(o,1e3),{now:a,read:w=>u||l(w)}}async function Ds(e){let t=await e("0s"),{now:s,next:n,settled:i}=t;if(i===!1)return V(
t);if(!n)return"Nothing is due. Become moderator and set up a digest with /digest add.";let a=Math.max(Date.parse(n)-Date.parse(s),0);return V(await e(`${a}ms`))}
function V(e){return e.settled===!1?"The bot is still posting what fell due; it will show up here.":""}var As=10,K=class{constructor(t,s){this.files=[],this.changed=s,this.button=c("attach"),this.input=c("attach-file"),this.list=c("attached"),this.button.append(y(
"plus")),this.button.addEventListener("click",()=>this.input.click()),this.input.addEventListener("change",()=>{this.add(this.input.files),this.input.value=""}),
t.addEventListener("dragover",n=>n.preventDefault()),t.addEventListener("drop",n=>{n.preventDefault(),this.add(n.dataTransfer.files)}),t.addEventListener("paste",
n=>n.clipboardData.files.length>0&&this.add(n.clipboardData.files))}add(t){this.files=[...this.files,...t].slice(0,As),this.draw()}remove(t){this.files=this.files.
filter(s=>s!==t),this.draw(),this.button.focus()}clear(){this.files=[],this.draw()}draw(){this.list.replaceChildren(...this.files.map(t=>r("li",{},y("file"),r("\
span",{class:"clip"},t.name),r("button",{type:"button",class:"remove","aria-label":`Remove ${t.name}`,onclick:()=>this.remove(t)},"×")))),this.list.hidden=this.
files.length===0,this.changed()}read(){return Promise.all(this.files.map(I))}};var Y=class{constructor(t,s,n){this.option=t,this.picked=null;let i=E("option-field"),a=v(t,"name",s);this.name=a,this.about=v(t,"description",s),this.input=t.type===
x.attachment?r("input",{type:"file",id:i}):r("input",{type:"text",id:i,role:"combobox","aria-autocomplete":"list","aria-expanded":"false","aria-required":String(
!!t.required),maxlength:t.max_length??6e3,autocomplete:"off",spellcheck:"false",inputmode:t.type===x.whole||t.type===x.number?"decimal":null}),this.input.setAttribute(
"aria-description",this.about),this.input.dataset.option=t.name,this.node=r("span",{class:"chip"},r("label",{for:i},a,t.required?r("span",{class:"needed","aria-\
hidden":"true"},"*"):null),this.input,t.required?null:r("button",{type:"button",class:"remove","aria-label":`Remove ${a}`,onclick:()=>n(this)},"×")),this.fit()}get text(){
return this.input.type==="file"?"":this.input.value}get empty(){return this.input.type==="file"?this.input.files.length===0:this.input.value===""}take(t){this.picked=
{text:t.name,value:t.value},this.input.value=t.name,this.fit()}restore({text:t,picked:s}){this.input.type!=="file"&&(this.input.value=t??"",this.picked=s??null,
this.fit())}complain(t){this.input.toggleAttribute("aria-invalid",t),t&&this.input.setAttribute("aria-invalid","true"),this.node.classList.toggle("wrong",t)}fit(){
this.input.type!=="file"&&this.input.style.setProperty("width",`${Math.min(Math.max(this.input.value.length+2,8),40)}ch`)}async read(t,s){if(this.input.type==="\
file")return{value:await I(this.input.files[0])};if(this.picked?.text===this.text)return{value:this.picked.value};let n=J(this.option,t,s);if(!n)return Ut(this.
option,this.text);let i=o=>o.name.replace(/^[@#]/,"").toLowerCase()===this.text.trim().replace(/^[@#]/,"").toLowerCase(),a=n.find(i);return a?{value:a.value}:{problem:`${this.
option.name}: choose one from the list.`}}};function ht(e,t,s){if(!e.startsWith("/"))return null;let n=e.slice(1).replace(/\s+/g," ").trim(),i=l=>n.toLowerCase()===l.toLowerCase()||n.toLowerCase().startsWith(
`${l.toLowerCase()} `),a=l=>Math.max(...[l.shown,l.path].filter(i).map(d=>d.length)),o=t.filter(l=>i(l.shown)||i(l.path)).sort((l,d)=>a(d)-a(l))[0];return o?{entry:o,
...Is(n.slice(a(o)),o.options,s)}:null}function Is(e,t,s){let n=new Map(t.flatMap(o=>[[o.name,o],[v(o,"name",s).toLowerCase(),o]])),i=[...e.matchAll(/(?<=\s)([^\s:]{1,32}):/g)].
filter(o=>n.has(o[1].toLowerCase()));return{values:i.map((o,l)=>({option:n.get(o[1].toLowerCase()),text:e.slice(o.index+o[0].length,i[l+1]?.index).trim()})),rest:e.
slice(0,i[0]?.index).trim()}}var Os=120,Zt=25,Z=class{constructor(t,s){this.composer=t,this.box=new A(s),this.asked=0,this.timer=0}forget(){clearTimeout(this.timer),this.asked++}suggest(){let t=this.
composer.entry.value;if(this.composer.command){this.suggestOptions(t);return}if(!t.startsWith("/")){this.box.close();return}let s=t.slice(1),n=this.composer.desk.
entries(),i=s.endsWith(" ")&&n.find(a=>a.shown===s.trim()||a.path===s.trim());if(i){this.composer.choose(i);return}this.box.show(this.composer.entry,jt(n,s.trimStart()).
slice(0,Zt).map(a=>({name:`/${a.shown}`,about:Ns(a),pick:()=>this.composer.choose(a)})),!0,"No command matches. The bot may not be connected yet.")}suggestOptions(t){
let s=this.composer.desk.locale(),n=u=>v(u,"name",s),i=this.composer.command.options.filter(u=>!this.composer.fields.some(h=>h.option===u)),a=/^([^\s:]+):(.*)$/.
exec(t),o=a&&i.find(u=>u.name===a[1]||n(u)===a[1]);if(o){this.composer.add(o,a[2].trim());return}let l=t.trim().toLowerCase(),d=i.filter(u=>n(u).toLowerCase().includes(
l)||u.name.includes(l));this.box.show(this.composer.entry,d.map(u=>({name:n(u),about:v(u,"description",s),pick:()=>this.composer.add(u,"")})),l!=="")}forField(t){
let s=J(t.option,this.composer.desk.guild(),this.composer.desk.locale());if(this.forget(),s){let n=t.picked?.text===t.text?"":t.text.trim().toLowerCase();this.offer(
t,s.filter(i=>i.name.toLowerCase().includes(n)),"Nothing in the list matches.")}else if(t.option.autocomplete){this.box.owner===t.input||this.box.close();let n=this.
asked;this.timer=setTimeout(()=>this.askFor(t,n),Os)}else this.box.close()}async askFor(t,s){try{let n=await this.written(t),i=await this.composer.desk.complete(
this.composer.command.path,n,t.option.name);s===this.asked&&document.activeElement===t.input&&this.offer(t,i.map(a=>({...a,name:v(a,"name",this.composer.desk.locale())})),
"No options match what you typed.")}catch(n){s===this.asked&&this.composer.complain(n.message)}}async written(t){let s={};for(let n of this.composer.fields.filter(
i=>i!==t&&!i.empty&&i.input.type!=="file")){let{value:i,problem:a}=await n.read(this.composer.desk.guild(),this.composer.desk.locale());a||(s[n.option.name]=i)}
return s[t.option.name]=t.picked?.text===t.text?t.picked.value:t.text,s}offer(t,s,n){let i=s.slice(0,Zt).map(a=>({name:a.name,pick:()=>this.composer.take(t,a)}));
this.box.show(t.input,i,t.text!==""&&t.picked?.text!==t.text,t.text===""?"":n)}};function Ns(e){let t=e.options.filter(i=>i.required).map(i=>i.name),s=e.options.
length-t.length,n=[...t,...s>0?[`+${s} optional`]:[]].join(", ");return n?`${e.about} · ${n}`:e.about}var Q=class{constructor(t){this.desk=t,this.form=c("composer"),this.entry=c("entry"),this.chosen=c("chosen"),this.suggestions=new Z(this,c("suggestions")),this.
box=this.suggestions.box,this.command=null,this.fields=[],this.place="",this.files=new K(this.form,()=>this.complain("")),this.form.addEventListener("submit",s=>this.
submit(s)),this.form.addEventListener("input",s=>this.typed(s.target)),this.form.addEventListener("focusin",s=>this.focused(s.target)),this.form.addEventListener(
"focusout",s=>this.form.contains(s.relatedTarget)||this.box.close()),this.form.addEventListener("keydown",s=>this.key(s)),this.entry.addEventListener("paste",s=>this.
pasted(s))}open(t,s){this.describe(s),t!==this.place&&(this.place="",this.clear(),this.place=t);let n=!this.command&&this.entry.value===""&&D.read(`draft.${t}`,
null);n&&this.restore(n)}spoken(){let{place:t}=this;this.place="",this.clear(),this.place=t}keep(){if(this.place==="")return;let t=this.fields.map(n=>({name:n.option.
name,text:n.text,picked:n.picked})),s=!this.command&&this.entry.value==="";D.write(`draft.${this.place}`,s?null:{path:this.command?.path,text:this.entry.value,fields:t})}restore({
path:t,text:s,fields:n}){let i=t&&this.desk.entries().find(o=>o.path===t);if(t&&!i)return;let a=document.activeElement;i&&(this.begin(i),n.forEach(o=>{let l=i.options.
find(d=>d.name===o.name);l&&(this.fields.find(d=>d.option===l)??this.put(l)).restore(o)})),this.entry.value=s??"",this.keep(),document.activeElement!==a&&a?.focus()}pasted(t){
let s=this.command||this.entry.value!==""?null:ht(t.clipboardData.getData("text").trim(),this.desk.entries(),this.desk.locale());s&&(t.preventDefault(),this.fill(
s))}fill({entry:t,values:s,rest:n}){this.choose(t);for(let{option:o,text:l}of s)(this.fields.find(u=>u.option===o)??this.put(o)).restore({text:l});let i=this.fields.
find(o=>o.option.required&&o.empty);i&&n!==""&&i.restore({text:n});let a=this.fields.find(o=>o.option.required&&o.empty)?.input??this.entry;a.focus(),this.focused(
a),this.keep()}start(t){let s=this.desk.entries().find(n=>n.path===t);return s&&this.choose(s),!!s}fieldOf(t){return this.fields.find(s=>s.input===t)}focused(t){
let s=this.fieldOf(t);c("about").textContent=s?`${s.name}: ${s.about}`:"Arrow keys choose, Tab or Enter takes, Enter sends, Escape steps back.",s?this.suggestions.
forField(s):t===this.entry?this.suggestions.suggest():this.box.close()}typed(t){this.complain(""),this.fieldOf(t)?.fit(),this.focused(t),this.keep()}choose(t){this.
begin(t),(this.fields[0]?.input??this.entry).focus(),this.focused(document.activeElement),this.keep()}begin(t){this.clear(),this.command=t,this.chosen.append(r(
"button",{type:"button",class:"pill","aria-label":`Command ${t.shown}: ${t.about}. Press to remove it.`,onclick:()=>this.leave()},`/${t.shown}`)),t.options.filter(
s=>s.required).forEach(s=>this.put(s)),this.form.classList.add("commanding"),this.entry.setAttribute("aria-label",`More options for /${t.shown}, or Enter to sen\
d`),this.entry.placeholder=this.fields.length<t.options.length?"more options, or Enter to send":"Enter to send"}put(t){let s=new Y(t,this.desk.locale(),n=>this.
drop(n));return this.fields.push(s),this.chosen.append(s.node),s}add(t,s){let n=this.put(t);this.entry.value="",s!==""&&(n.input.value=s,n.fit()),n.input.focus(),
this.focused(n.input),this.keep()}drop(t){this.fields=this.fields.filter(s=>s!==t),t.node.remove(),this.entry.focus(),this.focused(this.entry),this.keep()}take(t,s){
t.take(s),this.suggestions.forget();let n=this.fields.find(i=>i.option.required&&i.empty)?.input??this.entry;n.focus(),this.focused(n),this.keep()}key(t){let s={
ArrowDown:1,ArrowUp:-1},n={Home:0,End:-1};t.isComposing||!t.target.matches("input")||(s[t.key]&&this.box.open?(this.box.move(s[t.key]),t.preventDefault()):n[t.key]!==
void 0&&this.box.open&&this.box.walked?(this.box.jump(n[t.key]),t.preventDefault()):(t.key==="Enter"||t.key==="Tab"&&!t.shiftKey)&&this.box.open&&this.box.pick()?
t.preventDefault():t.key==="Escape"?this.back(t):t.key==="Backspace"&&this.command&&t.target.value===""&&this.erase(t))}back(t){t.preventDefault(),this.box.open?
this.box.close():this.command&&this.leave()}erase(t){let s=t.target===this.entry?this.fields.length-1:this.fields.indexOf(this.fieldOf(t.target)),n=this.fields[s];
t.preventDefault(),t.target===this.entry&&n?n.input.focus():n&&!n.option.required?this.drop(n):this.leave()}leave(){this.clear(),this.entry.focus()}clear(){this.
suggestions.forget(),this.command=null,this.fields=[],this.chosen.replaceChildren(),this.entry.value="",this.form.classList.remove("commanding"),this.entry.setAttribute(
"aria-label","Message or command"),this.box.close(),this.complain(""),this.describe(),this.keep()}describe(t=this.channel){this.channel=t,this.command||(this.entry.
placeholder=t?`Message #${t}, or type /`:"")}complain(t){this.fields.forEach(s=>t===""&&s.complain(!1)),c("problem").textContent=t}async submit(t){if(t.preventDefault(),
!this.form.hasAttribute("aria-busy")){this.box.close(),this.complain(""),this.busy(!0);try{let s=this.command?await this.send():await this.say();this.complain(s??
"")}catch(s){this.complain(s.message)}finally{this.busy(!1)}}}async say(){let t=this.entry.value.trim();if(t.startsWith("/")&&this.files.files.length===0){let n=ht(
t,this.desk.entries(),this.desk.locale());return n?(this.fill(n),this.send()):"That isn't a command here. Choose one from the list, or take the slash away to wr\
ite a message."}if(t===""&&this.files.files.length===0)return null;let s=await this.desk.say(t,await this.files.read());return s===null&&(this.entry.value="",this.
files.clear(),this.keep()),s}async send(){let t=this.fields.find(i=>i.option.required&&i.empty);if(t)return t.input.focus(),t.complain(!0),`${t.option.name} is \
needed: ${t.option.description}. This option is required.`;let s={};for(let i of this.fields.filter(a=>!a.empty)){let{value:a,problem:o}=await i.read(this.desk.
guild(),this.desk.locale());if(o)return i.input.focus(),i.complain(!0),o;s[i.option.name]=a}let n=await this.desk.run(this.command.path,s);return n===null&&this.
clear(),n}busy(t){this.form.toggleAttribute("aria-busy",t),c("send").disabled=t,c("status").textContent=t&&this.command?"Waiting for the bot…":""}};var qs=7*6e4;function Qt(e,t,s,n){let i=new Map([...e.children].map(l=>[l.dataset.key,l])),a=t.flatMap((l,d)=>[...Fs(l,t[d-1],n),Bs(l,t[d-1],n)]).map(({key:l,print:d,
make:u})=>{let h=i.get(l);if(h?.print===d(s))return h;let m=u(s);return m.dataset.key=l,m.print=d(s),js(h,m),m}),o=new Set(a);[...e.children].filter(l=>!o.has(l)).
forEach(l=>l.remove()),a.forEach((l,d)=>e.children[d]!==l&&e.insertBefore(l,e.children[d]??null)),e.querySelector("[data-refocus]")?.focus(),e.querySelector("[d\
ata-refocus]")?.removeAttribute("data-refocus")}function Fs(e,t,s){let n=new Date(e.timestamp),i=t&&at(n,new Date(t.timestamp))?null:k(n,"D"),a=e.id===s;return!i&&
!a?[]:[{key:`line-${e.id}`,print:()=>`${i} ${a}`,make:()=>r("p",{class:`rule${a?" fresh":""}`},i?r("span",{},i):null,a?r("span",{class:"new"},r("span",{class:"s\
r"},"Unread from here: "),"NEW"):null)}]}function Bs(e,t,s){let n=Rs(e,t)&&e.id!==s;return{key:e.id,print:i=>JSON.stringify([e,n,i.menu(e).map(a=>a.name),i.failure(
e),i.threads(e)]),make:i=>Kt(e,i,n)}}function Rs(e,t){let s=n=>!!(n.flags&T);return!!t&&t.author?.id===e.author?.id&&s(t)===s(e)&&!e.interaction_metadata?.name&&
!e.message_reference&&!e.type&&!e.failed&&!t.failed&&new Date(e.timestamp)-new Date(t.timestamp)<qs&&at(new Date(e.timestamp),new Date(t.timestamp))}function js(e,t){
let s=e?.contains(document.activeElement)?document.activeElement.dataset.customId:void 0;(s!==void 0&&[...t.querySelectorAll("[data-custom-id]")].find(i=>i.dataset.
customId===s))?.setAttribute?.("data-refocus","")}var Us=1e3,Ws=500,Ps=[["Next answer fails (500)",{match:"POST /interactions/*/*/callback",times:1,status:500}],["Next message is refused (429)",{match:"POST /ch\
annels/*/messages",times:1,status:429,retry_after:2}],["Next answer takes 4 s",{match:"POST /interactions/*/*/callback",times:1,latency_ms:4e3}],["Cut the gatew\
ay now",{match:"NOW",times:1,close:4e3}]],zs={1:"HEARTBEAT",2:"IDENTIFY",3:"PRESENCE",4:"VOICE",6:"RESUME",7:"RECONNECT",8:"MEMBERS",9:"INVALID SESSION",10:"HEL\
LO",11:"HEARTBEAT ACK"};function Xt(e){let t=c("log"),s=c("log-toggle"),n=c("log-list"),i="",a=0,o=()=>({text:c("log-filter").value.trim().toLowerCase(),kind:c(
"log-kind").value}),l=()=>[...n.children].forEach(h=>{h.hidden=!se(h.entry,o())}),d=async()=>{try{let{entries:h}=await wt(i);t.hidden||(Hs(n,h,o()),i=h.at(-1)?.
at??i)}catch(h){e(h.message)}clearTimeout(a),a=t.hidden?0:setTimeout(d,Us)},u=h=>{t.hidden=!h,s.setAttribute("aria-expanded",String(h)),clearTimeout(a),(h?c("lo\
g-filter"):s).focus(),h&&(d(),st().then(ne,m=>e(m.message)))};s.addEventListener("click",()=>u(t.hidden)),c("log-close").addEventListener("click",()=>u(!1)),t.addEventListener(
"keydown",h=>h.key==="Escape"&&u(!1)),c("log-filter").addEventListener("input",l),c("log-kind").addEventListener("change",l),c("log-clear").addEventListener("cl\
ick",()=>n.replaceChildren()),Gs(e)}function Hs(e,t,s){let n=t.map(Js);for(n.forEach(i=>{i.hidden=!se(i.entry,s)}),e.append(...n);e.children.length>Ws;)e.firstChild.
remove();n.length>0&&c("log-follow").checked&&(e.scrollTop=e.scrollHeight)}function Js(e){let t=[e.body,e.data].find(i=>i!=null),s=[r("time",{datetime:e.at},e.at.
slice(11,23))," ",r("b",{},te(e))," ",e.status?r("span",{class:ee(e)?"bad":"good"},`${e.status} ${e.verdict??""}`):null,e.kind==="rest"?r("span",{class:"soft"},
` ${e.ms} ms`):null],n=t===void 0?r("li",{},r("p",{class:"entry"},s)):r("li",{},r("details",{},r("summary",{class:"entry"},s),r("pre",{tabindex:"0"},JSON.stringify(
t,null,2))));return n.entry=e,n}function te(e){return e.kind==="rest"?`${e.method} ${e.path??e.route}`:`${e.direction==="in"?"→":"←"} ${e.event||zs[e.op]||`\
op ${e.op}`}`}function ee(e){return e.status>=400}function se(e,{text:t,kind:s}){return(s==="all"||(s==="refused"?ee(e):e.kind===s))&&(t===""||`${te(e)} ${e.status??
""} ${e.verdict??""}`.toLowerCase().includes(t))}function ne(e){let t=e.filter(s=>!s.times||(s.used??0)<s.times);c("faults-now").textContent=t.length===0?"Disco\
rd behaves.":`Waiting to strike: ${t.map(s=>s.match).join(", ")}`}function Gs(e){let t=async n=>{try{ne(await n())}catch(i){e(i.message)}},s=(n,i)=>c("faults").
append(r("button",{type:"button",class:"small",onclick:()=>t(i)},n));Ps.forEach(([n,i])=>s(n,async()=>nt([...await st(),i].map(({used:a,...o})=>o)))),s("Behave \
again",()=>nt([]))}function ae({guilds:e,people:t,channels:s,guild:n,member:i,channel:a,unread:o,connected:l,open:d}){ie(c("guild"),e),c("guild").hidden=e.length<2,c("guild").value=
n?.id??"",c("guild-name").textContent=n?.name??"No server yet",ie(c("identity"),t),c("identity").value=i?.id??"",c("portrait").replaceChildren(...i?[ut({username:i.
name})]:[]),Ks(l);let u=s.filter(b=>!b.archived||b.id===a?.id),h=JSON.stringify([a?.id,u.map(b=>[b.id,b.name,b.type,b.parent,o.has(b.id)])]);if(c("channels").dataset.
print===h)return;c("channels").dataset.print=h;let m=document.activeElement?.dataset?.channel;c("channels").replaceChildren(...u.map(b=>Vs(b,b.id===a?.id,o.has(
b.id),d))),c("channels").querySelector(`[data-channel="${CSS.escape(m??"")}"]`)?.focus()}function mt(e){return e.thread?["thread","thread"]:e.type===5?["news","\
announcements"]:["text",""]}function Vs(e,t,s,n){let[i,a]=mt(e);return r("li",{class:e.thread?"thread":null},r("button",{type:"button","data-channel":e.id,"aria\
-current":t?"page":null,class:s?"unread":null,onclick:()=>n(e.id)},y(i),r("span",{class:"name",dir:"auto"},e.name),a?r("span",{class:"sr"},a):null,s?r("span",{class:"\
dot"},r("span",{class:"sr"},"unread")):null))}function ie(e,t){let s=JSON.stringify(t.map(n=>[n.id,n.name]));e.dataset.print!==s&&(e.dataset.print=s,e.replaceChildren(
...t.map(n=>r("option",{value:n.id},n.name))))}function Ks(e){let t=e?"Bot connected":"The bot isn't connected";c("link").textContent!==t&&(c("link").textContent=
t),c("link").dataset.connected=String(e)}function re(){let e=matchMedia("(max-width: 720px)"),t=()=>document.body.classList.contains("rail-open"),s=i=>{document.
body.classList.toggle("rail-open",i),c("rail").inert=e.matches&&!i,document.querySelector("main").inert=e.matches&&i,c("shade").hidden=!(e.matches&&i),c("menu").
setAttribute("aria-expanded",String(i))},n=()=>{t()&&(s(!1),c("menu").focus())};return c("menu").addEventListener("click",()=>{s(!0),c("channels").querySelector(
"button")?.focus()}),c("shade").addEventListener("click",n),e.addEventListener("change",()=>s(!1)),document.addEventListener("keydown",i=>i.key==="Escape"&&n()),
s(!1),{close:n}}function oe(e,t,s){let n=!0,i=()=>{e.scrollTop=e.scrollHeight,s.hidden=!0},a=()=>n&&i();e.addEventListener("scroll",()=>{n=e.scrollHeight-e.scrollTop-e.clientHeight<
80,s.hidden=n}),s.addEventListener("click",()=>{n=!0,i(),e.focus()});let o=new ResizeObserver(a);return o.observe(t),o.observe(e),{changed(l){n||=l,a()}}}var Ys=1n<<3n,le=1n<<10n,Zs=1n<<11n,Qs=1n<<31n,Xs=1n<<38n,ce=[10,11,12],tn=[0,5,...ce],X=(1n<<53n)-1n;function F(e){return/^\d+$/.test(String(e??""))?BigInt(e):
0n}function de(e){return{guilds:(e.guilds??[]).map(en),commands:e.commands??[],connected:!!e.bot?.connected,self:e.bot?.user}}function en(e){return{id:e.id,name:e.
name,owner:e.owner_id,roles:(e.roles??[]).map(t=>({id:t.id,name:t.name,permissions:F(t.permissions)})),members:(e.members??[]).map(sn),channels:an([...e.channels??
[],...e.threads??[]].map(nn))}}function sn(e){let{id:t,username:s,bot:n}=e.user;return{id:t,name:s,bot:!!n,roles:e.roles??[]}}function nn(e){return{id:e.id,name:e.
name??"",position:e.position??0,type:e.type,topic:e.topic??"",overwrites:e.permission_overwrites??[],parent:e.parent_id??"",thread:ce.includes(e.type),archived:!!e.
thread_metadata?.archived}}function an(e){let t=new Set(e.map(n=>n.id));return e.filter(n=>!n.thread||!t.has(n.parent)).sort((n,i)=>n.position-i.position).flatMap(
n=>[n,...e.filter(i=>i.thread&&i.parent===n.id)])}function rn(e,t){if(e.owner===t.id)return X;let n=e.roles.filter(i=>i.id===e.id||t.roles.includes(i.id)).reduce(
(i,a)=>i|a.permissions,0n);return n&Ys?X:n}function ft(e,t,s){let n=t.thread&&e.channels.find(d=>d.id===t.parent)||t,i=rn(e,s);if(i===X)return i;let a=[n.overwrites.
filter(d=>d.id===e.id),n.overwrites.filter(d=>d.id!==e.id&&s.roles.includes(d.id)),n.overwrites.filter(d=>d.id===s.id)],o=(d,u)=>d.reduce((h,m)=>h|F(m[u]),0n),l=a.
reduce((d,u)=>d&~o(u,"deny")|o(u,"allow"),i);return l&le?l:0n}function ue(e,t){return e.channels.filter(s=>tn.includes(s.type)&&ft(e,s,t)&le)}function he(e,t,s){
return!!(ft(e,t,s)&(t.thread?Xs:Zs))}function me(e,t,s,n,i){let a=ft(t,s,n),o=e.commands.filter(d=>on(d,t,a)&&d.type===i),l=new Set(o.filter(d=>d.guild_id).map(
d=>d.name));return o.filter(d=>d.guild_id||!l.has(d.name))}function on(e,t,s){let n=e.default_member_permissions??null,i=!e.guild_id||e.guild_id===t.id,a=!e.contexts?.
length||e.contexts.includes(0),o=n===null||s===X||F(n)!==0n&&(s&F(n))===F(n);return i&&a&&o&&!!(s&Qs)}function fe(e){let t=s=>n=>s.find(i=>i.id===n)?.name;return{
user:t(e.members),role:t(e.roles),channel:t(e.channels)}}var pe=1,pt=class{constructor(){this.world={guilds:[],commands:[],connected:!1},this.down=!1,this.dismissed=new Set,this.unread=new Map,this.freshFrom="",this.messages=
[],this.loads=0,this.clock=Yt(t=>this.notify(t),()=>it(c("messages"),()=>this.now())),this.acts=new G(this),this.composer=new Q(this.desk())}now(){return this.clock.
now()}desk(){return{entries:()=>this.channel?Bt(this.usable(pe),this.locale):[],guild:()=>this.guild,locale:()=>this.locale,complete:async(t,s,n)=>{let i=await B(
{...this.place(),command:t,options:s,focused:n});if(R(i))throw new M("Loading options failed");return i.choices??[]},run:(t,s)=>this.acts.run(t,s),say:async(t,s)=>(await kt(
this.channel.id,{user:this.member.id,content:t,attachments:s}),await this.load(!0),null)}}usable(t){return me(this.world,this.guild,this.channel,this.member,t)}place(){
return{guild:this.guild.id,channel:this.channel.id,user:this.member.id,locale:this.locale}}busy(t){c("messages").classList.toggle("waiting",t)}notify(t){c("noti\
ce").textContent=t,c("notice").hidden=t===""}view(){return{names:fe(this.guild),now:()=>this.now(),guild:this.guild,use:(t,s,n)=>this.acts.press(t,s,n),menu:t=>this.
acts.menu(t),failure:t=>this.acts.failures.get(t.id)??"",find:t=>this.messages.find(s=>s.id===t),threads:t=>this.guild.channels.filter(s=>s.thread&&s.id===t.id),
open:t=>this.open(t),dismiss:t=>{this.dismissed.add(t.id),this.draw(!1),c("entry").focus()}}}async start(){this.restore(),this.wire(),await this.reload(),this.acts.
resume(),setInterval(()=>it(c("messages"),()=>this.now()),1e4)}restore(){this.locale=$.read("locale","en-US"),this.wanted={guild:$.read("guild",""),channel:$.read(
"channel",""),member:$.read("member","reader")},c("language").value=this.locale,this.speaking(),c("welcome").hidden=$.read("welcomed",!1)}wire(){c("identity").addEventListener(
"change",t=>this.become(t.target.value)),c("guild").addEventListener("change",t=>this.enter(t.target.value)),c("language").addEventListener("change",t=>this.speak(
t.target.value)),c("got-it").addEventListener("click",()=>this.welcomed()),this.menu=re(),this.scroll=oe(c("scroll"),c("messages"),c("jump")),Xt(t=>this.notify(
t)),document.addEventListener("click",t=>this.mentioned(t)),c("messages").addEventListener("contextmenu",t=>ln(t))}mentioned(t){let s=t.target.closest?.("[data-\
open]")?.dataset.open;s&&this.open(s);let n=t.target.closest?.("[data-command]")?.dataset.command;n&&!this.composer.start(n)&&this.notify(`/${n} isn't there for\
 ${this.member?.name??"you"}. The bot may not be connected yet.`)}welcomed(){$.write("welcomed",!0),c("welcome").hidden=!0,c("entry").focus()}async reload(){try{
let t=await bt();this.world=de(t),this.clock.read(t.clock),this.down&&(this.down=!1,this.notify(""))}catch(t){this.down=!0,this.notify(t.message),this.retry();return}
this.settle(),await this.load(!1),this.listen()}retry(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),2e3)}settle(){let{guilds:t}=this.world,
s=(a,o)=>a.find(l=>l.id===o||l.name===o);this.guild=s(t,this.wanted.guild)??t[0];let n=this.guild?.members.filter(a=>!a.bot)??[];this.member=s(n,this.wanted.member)??
n[0];let i=this.member?ue(this.guild,this.member):[];this.channel=s(i,this.wanted.channel)??i[0],ae({guilds:t,people:n,channels:i,guild:this.guild,member:this.member,
channel:this.channel,unread:this.unread,connected:this.world.connected,open:a=>this.open(a)}),this.drawHead()}drawHead(){let{channel:t}=this;c("channel-name").textContent=
t?`# ${t.name}`:"No channel",c("topic").textContent=t?.topic||(t?mt(t)[1]:""),document.title=`${t?`#${t.name} · `:""}sitrep: local Discord`;let s=t&&(he(this.guild,
t,this.member)||this.usable(pe).length>0);c("entry").disabled=!s,this.composer.open(t?`${t.id}.${this.member.id}`:"",t?.name)}async load(t){if(!this.channel)return;
let s=++this.loads;try{let n=await xt(this.channel.id,this.member.id);s===this.loads&&(this.messages=n,this.draw(t))}catch(n){this.notify(n.message)}}draw(t){let s=this.
acts.within(this.messages).filter(n=>!this.dismissed.has(n.id));Qt(c("messages"),s,this.view(),this.freshFrom),c("beginning").textContent=`Welcome to #${this.channel.
name}!`,c("empty").textContent=`This is the beginning of #${this.channel.name}.`,this.unread.delete(this.channel.id),this.scroll.changed(t)}open(t){this.freshFrom=
this.unread.get(t)??"",this.wanted.channel=t,$.write("channel",t),this.unread.delete(t),this.switched(),this.menu.close()}become(t){this.wanted.member=t,$.write(
"member",t),this.switched(),this.listen()}enter(t){this.wanted.guild=t,$.write("guild",t),this.switched()}speak(t){this.locale=t,$.write("locale",t),this.speaking(),
this.composer.spoken(),this.switched()}speaking(){document.documentElement.dataset.locale=this.locale,c("messages").lang=this.locale}switched(){let t=c("message\
s");this.notify(""),this.settle(),t.replaceChildren(),t.setAttribute("aria-busy","true"),this.load(!0).finally(()=>t.removeAttribute("aria-busy"))}listen(){if(this.
listening?.as===this.member?.id&&this.listening?.source.readyState!==EventSource.CLOSED||!this.member)return;this.listening?.source.close();let s=n=>{n?this.soon():
(this.down=!0,this.notify("The line to the sandbox is down; trying again…"),this.retry())};this.listening={as:this.member.id,source:vt(this.member.id,(n,i)=>this.
heard(n,i),s)}}heard(t,s){switch(t){case"clock":this.clock.read(s);break;case"message":case"message_update":case"message_delete":this.heardMessage(t,s);break;case"\
bot":this.world.connected=!!s?.connected,this.settle();break;default:this.soon()}}heardMessage(t,s){let n=s?.channel_id;!n||n===this.channel?.id?this.load(!1):t===
"message"&&!this.unread.has(n)&&(this.unread.set(n,s.id),this.settle())}soon(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),100)}};function ln(e){
let t=e.target.closest("a, img, input")||!getSelection().isCollapsed,s=e.target.closest(".message")?.querySelector(".more");!t&&s&&(e.preventDefault(),s.focus(),
s.click())}new pt().start();
