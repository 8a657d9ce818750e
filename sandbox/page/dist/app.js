// Built from src/ by `make page`.
var T=class extends Error{constructor(e,s){super(e),this.field=s??""}},we=()=>C("GET","state"),ge=t=>C("GET",`log${t?`?since=${encodeURIComponent(t)}`:""}`),ne=()=>C(
"GET","faults"),ie=t=>C("PUT","faults",t),ye=()=>C("GET","clock"),ke=t=>C("POST","clock",t),j=t=>C("POST","interactions",t),xe=(t,e)=>C("POST",`channels/${encodeURIComponent(
t)}/messages`,e);async function ve(t,e){return(await C("GET",`channels/${encodeURIComponent(t)}/messages?as=${encodeURIComponent(e)}`)).messages??[]}async function C(t,e,s){
let n={method:t,signal:AbortSignal.timeout(3e4),cache:"no-store"};s!==void 0&&(n.headers={"Content-Type":"application/json"},n.body=JSON.stringify(s));let i;try{
i=await fetch(`/sandbox/${e}`,n)}catch(o){throw new T(o.name==="TimeoutError"?"The sandbox took longer than 30 seconds to answer. Try again.":"The sandbox can't\
 be reached. Is sitrep still running? Start it again and this page picks up by itself.")}let a=await i.json().catch(()=>({}));if(!i.ok)throw new T(a.error??a.message??
`The sandbox answered with status ${i.status}.`,a.field);return a}var vt=["message","message_update","message_delete","clock","commands","state","bot"];function $e(t,e,s){
let n=new EventSource(`/sandbox/events?as=${encodeURIComponent(t)}`);for(let i of vt)n.addEventListener(i,a=>e(i,$t(a.data)));return n.addEventListener("open",()=>s(
!0)),n.addEventListener("error",()=>s(!1)),n}function $t(t){try{return JSON.parse(t)}catch{return null}}function U(t){switch(t.error){case null:case void 0:case"":
return null;case"timeout":return"The application did not respond";case"not_connected":return"The bot isn't connected, so nobody answered. Start it and try again\
.";case"rejected":return`The bot's answer broke one of Discord's rules and was refused${t.reason?`: ${t.reason}`:"."}`;default:return`No answer: ${t.error}`}}function Ee(t){return{read(e,s){try{return JSON.parse(t().getItem(`sitrep.${e}`))??s}catch{return s}},write(e,s){try{s===null?t().removeItem(`sitrep.${e}`):t().
setItem(`sitrep.${e}`,JSON.stringify(s))}catch{}}}}var $=Ee(()=>localStorage),D=Ee(()=>sessionStorage);function r(t,e={},...s){let n=document.createElement(t);for(let[i,a]of Object.entries(e))Et(n,i,a);return n.append(...s.flat(1/0).filter(i=>i!=null&&i!==!1)),n}
function Et(t,e,s){s==null||s===!1||(typeof s=="function"?t.addEventListener(e.slice(2),s):e==="value"?t.value=s:t.setAttribute(e,s===!0?"":s))}function c(t){return document.
getElementById(t)}var Ce=0;function E(t){return Ce+=1,`${t}-${Ce}`}function S(t){let e=URL.parse(String(t));return e&&(e.protocol==="https:"||e.protocol==="http\
:")?e.href:null}var Ct={text:"M9 3 7 21M17 3l-2 18M4 8h17M3 16h17",news:"M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6M7 14l1.5 6",thread:"M5 5v8a3 3 0 0 0 3 3h8M13 \
12l4 4-4 4M10 6h9M10 10h6",send:"M4 12 20 4l-5 16-3-7z",direct:"M4 4h16v12H9l-5 4z",plus:"M12 5v14M5 12h14",menu:"M4 7h16M4 12h16M4 17h16",more:"M5 12h.01M12 12\
h.01M19 12h.01",reply:"M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",eye:"M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",warn:"M12 3 2 20\
h20zM12 10v4M12 17h.01",file:"M6 2h8l4 4v16H6zM14 2v5h4"};function y(t){let e="http://www.w3.org/2000/svg",s=document.createElementNS(e,"svg"),n=document.createElementNS(
e,"path");for(let[i,a]of[["viewBox","0 0 24 24"],["class","drawing"],["aria-hidden","true"]])s.setAttribute(i,a);return n.setAttribute("d",Ct[t]),s.append(n),s}var St={t:{timeStyle:"short"},T:{timeStyle:"medium"},d:{dateStyle:"short"},D:{dateStyle:"long"},f:{dateStyle:"long",timeStyle:"short"},F:{dateStyle:"full",timeStyle:"\
short"},s:{dateStyle:"short",timeStyle:"short"},S:{dateStyle:"short",timeStyle:"medium"}},_t=864e10;function Se(t,e){let[,s,n="f"]=/^t:(-?\d{1,13})(?::([tTdDfFsSR]))?$/.
exec(t)??[];if(s===void 0||Math.abs(s)>_t)return null;let i=new Date(Number(s)*1e3),a=r("time",{datetime:i.toISOString(),title:k(i,"F")});return n==="R"?(a.dataset.
relative=s,a.textContent=Le(i,e())):a.textContent=k(i,n),a}function k(t,e){return new Intl.DateTimeFormat(document.documentElement.dataset.locale,St[e]).format(
t)}function _e(t){return new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"short",day:"numeric",month:"short",year:"numeric",hour:"2-digit",minute:"2-dig\
it"}).format(t)}var Lt=[["year",31536e3,320*86400],["month",2592e3,26*86400],["day",86400,22*3600],["hour",3600,2700],["minute",60,45],["second",1,0]];function Le(t,e){
let s=Math.round((t-e)/1e3),[n,i]=Lt.find(([,,a])=>Math.abs(s)>=a);return new Intl.RelativeTimeFormat(document.documentElement.dataset.locale,{numeric:"auto"}).
format(Math.round(s/i),n)}function ae(t,e){for(let s of t.querySelectorAll("time[data-relative]")){let n=Le(new Date(Number(s.dataset.relative)*1e3),e());s.textContent!==
n&&(s.textContent=n)}}var Mt=864e5;function z(t){return new Date(t.getFullYear(),t.getMonth(),t.getDate())}function Me(t,e){let s=Math.round((z(new Date(e))-z(t))/
Mt);if(s!==0&&s!==1)return k(t,"s");let n=new Intl.RelativeTimeFormat(document.documentElement.dataset.locale,{numeric:"auto"}).format(-s,"day");return`${n[0].toLocaleUpperCase()}${n.
slice(1)}, ${k(t,"t")}`}function re(t,e){return z(t).getTime()===z(e).getTime()}var P=12;function _(t,e={},s=Date.now){let n=document.createDocumentFragment();return n.append(...oe(String(t??"").replaceAll(`\r
`,`
`).split(`
`),{names:e,now:s,depth:0})),n}function N(t,e={},s=Date.now){let n=document.createDocumentFragment();return n.append(...L(String(t??""),{names:e,now:s,depth:0})),
n}var Tt=[[/^```/,qt],[/^#{1,3} +\S/,At],[/^-# +\S/,It],[/^>>> /,Nt],[/^> /,Ot],[/^ *(?:[-*]|\d{1,9}\.) +\S/,De]];function oe(t,e){let s=[],n=[],i=()=>{n.some(a=>a.
trim()!=="")&&s.push(r("p",{},L(n.join(`
`).replace(/^\n+|\n+$/g,""),e))),n=[]};for(let a=0;a<t.length;){let o=Dt(t,a,e);o?(i(),s.push(o.node),a=o.next):n.push(t[a++])}return i(),s}function Dt(t,e,s){let n=Tt.
find(([i])=>i.test(t[e]));return n&&s.depth<P?n[1](t,e,{...s,depth:s.depth+1}):null}function At(t,e,s){let[,n,i]=/^(#{1,3}) +(.*)$/.exec(t[e]);return{node:r("di\
v",{class:`h h${n.length}`,role:"heading","aria-level":n.length+2},L(i,s)),next:e+1}}function It(t,e,s){return{node:r("p",{class:"subtext"},L(t[e].replace(/^-# +/,
""),s)),next:e+1}}function Ot(t,e,s){let n=e;for(;n<t.length&&t[n].startsWith("> ");)n++;return{node:r("blockquote",{},oe(t.slice(e,n).map(i=>i.slice(2)),s)),next:n}}
function Nt(t,e,s){let n=[t[e].slice(4),...t.slice(e+1)];return{node:r("blockquote",{},oe(n,s)),next:t.length}}function qt(t,e){let s=t.slice(e).join(`
`).slice(3),n=s.indexOf("```");if(n<0)return null;let i=s.slice(0,n).replace(/^[\w+-]*\n/,"").replace(/\n$/,""),a=e+s.slice(0,n).split(`
`).length,o=s.slice(n+3).split(`
`)[0],l=r("pre",{tabindex:"0"},r("code",{},i));return o.trim()!==""?(t[a-1]=o,{node:l,next:a-1}):{node:l,next:a}}var Te=/^( *)([-*]|\d{1,9}\.) +(.*)$/;function De(t,e,s){
let[,n,i]=Te.exec(t[e]),a=/\d/.test(i),o=r(a?"ol":"ul",a?{start:parseInt(i,10)}:{}),l=e;for(;l<t.length;){let d=Te.exec(t[l]);if(!d||d[1].length<n.length)break;
if(d[1].length>n.length+1&&o.lastChild&&s.depth<P){let u=De(t,l,{...s,depth:s.depth+1});o.lastChild.append(u.node),l=u.next}else{if(/\d/.test(d[2])!==a)break;o.
append(r("li",{},L(d[3],s))),l++}}return{node:o,next:l}}var Ft=[["***",t=>r("strong",{},r("em",{},t))],["**",t=>r("strong",{},t)],["__",t=>r("u",{},t)],["~~",t=>r(
"s",{},t)],["||",Bt],["*",t=>r("em",{},t)],["_",t=>r("em",{},t)]];function Bt(t){return r("button",{type:"button",class:"spoiler","aria-expanded":"false","aria-\
label":"Spoiler: show",onclick:s=>{s.currentTarget.setAttribute("aria-expanded","true"),s.currentTarget.removeAttribute("aria-label")}},r("span",{class:"spoiler\
-inside"},t))}function L(t,e){let s=[],n="",i=()=>{n!==""&&s.push(n),n=""};for(let a=0;a<t.length;){let o=Rt(t,a,e);o?typeof o.node=="string"?(n+=o.node,a=o.next):
(i(),s.push(o.node),a=o.next):n+=t[a++]}return i(),s}function Rt(t,e,s){switch(t[e]){case"\\":return/[!-/:-@[-`{-~]/.test(t[e+1]??"")?{node:t[e+1],next:e+2}:null;case"\
`":return jt(t,e);case"<":return Gt(t,e,s);case"[":return Ht(t,e,s);case"h":return Jt(t,e);case`
`:return{node:r("br"),next:e+1};default:return Ut(t,e,s)}}function jt(t,e){let s=/^`{1,3}/.exec(t.slice(e,e+3))[0],n=t.indexOf(s,e+s.length);if(n<=e+s.length)return null;
let i=t.slice(e+s.length,n);return{node:r("code",{},s==="`"?i:i.trim()),next:n+s.length}}function Ut(t,e,s){if(s.depth>=P||!"*_~|".includes(t[e]))return null;for(let[
n,i]of Ft){if(!t.startsWith(n,e)||!Wt(t,e,n))continue;let a=zt(t,e+n.length,n);if(a>0)return{node:i(L(t.slice(e+n.length,a),{...s,depth:s.depth+1})),next:a+n.length}}
return null}function Wt(t,e,s){let n=t[e+s.length]??" ";return s==="_"?!/\w/.test(t[e-1]??" ")&&n.trim()!=="":s!=="*"||n.trim()!==""}function zt(t,e,s){for(let n=e;n<
t.length;n++)if(t[n]==="\\")n++;else if(t[n]==="`"){let i=t.indexOf("`",n+1);n=i<0?n:i}else{if(t.startsWith(s,n)&&n>e&&Pt(t,n,s))return n;s.length===1&&t[n]===s&&
t[n+1]===s&&n++}return-1}function Pt(t,e,s){let n=t[e+s.length]??" ";switch(s){case"_":return!/\w/.test(n)&&(n!=="_"||t[e-1]==="_");case"*":return t[e-1].trim()!==
""&&n!=="*";case"**":case"__":return n!==s[0];default:return!0}}function Ht(t,e,s){let n=/\[((?:[^[\]\\]|\\.|\[[^[\]]*\])+)\]\(<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: +"[^"\n]*")?\)/y;
n.lastIndex=e;let i=n.exec(t),a=i&&S(i[2]);return!a||s.depth>=P?null:{node:le(a,L(i[1],{...s,depth:s.depth+1})),next:n.lastIndex}}function Jt(t,e){if(/\w/.test(
t[e-1]??" "))return null;let s=/https?:\/\/[^\s<>"']{1,2000}/y;s.lastIndex=e;let n=s.exec(t)?.[0].replace(/[.,:;!?*_~|\])]+$/,""),i=n&&S(n);return i?{node:le(i,
[n]),next:e+n.length}:null}function le(t,e){return r("a",{href:t,target:"_blank",rel:"noopener noreferrer",title:t},e)}function Gt(t,e,s){let n=t.indexOf(">",e);
if(n<0||n-e>2e3)return null;let i=t.slice(e+1,n),a=Se(i,s.now)??Kt(i,s.names)??Vt(i);return a?{node:a,next:n+1}:null}function Vt(t){let e=/^https?:\/\/\S+$/.test(
t)&&S(t);return e?le(e,[t]):null}function Kt(t,e){let[,s,n]=/^(@!?|@&|#)(\d{1,20})$/.exec(t)??[],i=l=>r("span",{class:"mention"},l);switch(s){case"@":case"@!":return i(
`@${e.user?.(n)??"unknown-user"}`);case"@&":return i(`@${e.role?.(n)??"unknown-role"}`);case"#":return e.channel?.(n)?r("button",{type:"button",class:"mention",
"data-open":n},`#${e.channel(n)}`):i("#unknown")}let a=/^\/([^:<>]{1,100}):\d{1,20}$/.exec(t);if(a)return r("button",{type:"button",class:"mention","data-comman\
d":a[1]},`/${a[1]}`);let o=/^a?:(\w{1,32}):\d{1,20}$/.exec(t);return o?`:${o[1]}:`:null}var A=class{constructor(e){this.root=e,this.items=[],this.active=-1,this.owner=null,this.walked=!1,e.addEventListener("mousedown",s=>s.preventDefault())}get open(){
return!this.root.hidden}show(e,s,n,i=""){if(this.close(),s.length===0&&i==="")return;this.owner=e,this.items=s;let a=s.map(o=>this.row(o));this.root.replaceChildren(
...a.length>0?a:[r("li",{class:"none",role:"option","aria-disabled":"true"},i)]),this.root.hidden=!1,e.setAttribute("aria-expanded","true"),e.setAttribute("aria\
-controls",this.root.id),this.activate(n&&s.length>0?0:-1),this.walked=!1}row(e){return r("li",{role:"option",id:E("option"),"aria-selected":"false",class:e.chosen?
"chosen":null,onclick:()=>e.pick()},r("span",{class:"name"},e.name),e.about?r("span",{class:"about"},e.about):null)}close(){this.root.hidden=!0,this.root.replaceChildren(),
this.items=[],this.active=-1,this.owner?.setAttribute("aria-expanded","false"),this.owner?.removeAttribute("aria-activedescendant"),this.owner=null}move(e){let s=this.
items.length;s>0&&(this.walked=!0,this.activate(this.active<0?e>0?0:s-1:(this.active+e+s)%s))}jump(e){this.activate(e<0?this.items.length-1:e)}activate(e){this.
active=e,[...this.root.children].forEach((n,i)=>n.setAttribute("aria-selected",String(i===e)));let s=this.root.children[e];s?(this.owner.setAttribute("aria-acti\
vedescendant",s.id),s.scrollIntoView({block:"nearest"})):this.owner.removeAttribute("aria-activedescendant")}pick(){let e=this.items[this.active];return e?.pick(),
!!e}};function H({label:t,name:e,items:s,chosen:n,disabled:i=!1,least:a=1,most:o=1,kind:l="select"}){let d=r("ul",{role:"listbox",id:E("list"),class:"popup-list",hidden:!0,
"aria-label":e}),u=r("button",{type:"button",role:"combobox",class:l,"aria-haspopup":"listbox","aria-expanded":"false","aria-controls":d.id,"aria-label":e,disabled:i},
r("span",{class:"clip"},t),l==="select"?r("span",{class:"caret","aria-hidden":"true"}):null),h=new A(d);o>1&&d.setAttribute("aria-multiselectable","true");let m=new Set,
b=()=>h.open?h.close():w(),w=()=>{m.clear(),s().filter(f=>f.chosen).forEach(f=>m.add(f.value)),g(0)},g=f=>{h.show(u,yt(),!1),h.activate(Math.min(f,h.items.length-
1)),d.scrollIntoView({block:"nearest"})},gt=()=>[...s().map(f=>({...f,pick:()=>te([f.value])})),...a===0&&m.size>0?[{name:"Choose nothing",pick:()=>te([])}]:[]],
yt=()=>o>1?kt():gt(),kt=()=>[...s().map((f,se)=>({...f,name:`${m.has(f.value)?"☑":"☐"} ${f.name}`,chosen:m.has(f.value),pick:()=>xt(f.value,se)})),{name:`Do\
ne (${m.size} chosen)`,about:m.size<a?`choose at least ${a}`:`of ${o} at most`,pick:()=>m.size>=a&&te([...m])}],xt=(f,se)=>{!m.delete(f)&&m.size<o&&m.add(f),g(se)},
te=f=>{h.close(),n(f)};return u.addEventListener("click",b),d.addEventListener("pointerdown",f=>f.preventDefault()),u.addEventListener("blur",()=>h.close()),u.addEventListener(
"keydown",f=>Yt(f,h,w)),r("span",{class:"popup"},u,d)}function Yt(t,e,s){if(!e.open){(t.key==="ArrowDown"||t.key==="ArrowUp")&&(t.preventDefault(),s());return}let n={
ArrowDown:1,ArrowUp:-1};if(n[t.key])e.move(n[t.key]);else if(t.key==="Enter"||t.key===" ")e.pick();else if(t.key==="Escape")e.close();else if(t.key==="Home"||t.
key==="End")e.activate(t.key==="Home"?0:e.items.length-1);else if(t.key.length===1)Zt(e,t.key);else return;t.preventDefault()}function Zt(t,e){let n=[...t.items.
keys()].map(i=>(t.active+1+i)%t.items.length).find(i=>t.items[i].name.toLowerCase().startsWith(e.toLowerCase()));n!==void 0&&t.activate(n)}var p={row:1,button:2,strings:3,input:4,users:5,roles:6,mentionables:7,channels:8,section:9,text:10,thumbnail:11,gallery:12,file:13,separator:14,container:17,label:18,
upload:19,radios:21,checks:22,check:23};function q(t,e){return(Array.isArray(t)?t:[]).map(s=>Oe(s,e))}function Oe(t,e){switch(t.type){case p.row:return r("div",
{class:"row"},q(t.components,e));case p.button:return ts(t,e);case p.strings:case p.users:case p.roles:case p.mentionables:case p.channels:return ns(t,e);case p.
section:return r("div",{class:"section"},r("div",{class:"section-text"},q(t.components,e)),t.accessory?Oe(t.accessory,e):null);case p.text:return r("div",{class:"\
text",dir:"auto"},_(t.content,e.names,e.now));case p.thumbnail:return r("div",{class:"thumbnail"},Ae(t,e));case p.gallery:return r("div",{class:"gallery","data-\
count":t.items?.length??0},(t.items??[]).map(s=>Ae(s,e)));case p.file:return t.spoiler?ce(G(t.file?.url,t.name,e,t.size)):G(t.file?.url,t.name,e,t.size);case p.
separator:return r("hr",{class:`separator${t.divider===!1?" clear":""}${t.spacing===2?" wide":""}`});case p.container:return Qt(t,e);default:return r("p",{class:"\
subtext"},`A part of this message (component type ${Number(t.type)}) can't be shown here.`)}}function Qt(t,e){let s=r("div",{class:"container"},q(t.components,e));
return Ne(s,t.accent_color),t.spoiler?ce(s):s}function Ne(t,e){Number.isInteger(e)&&(t.classList.add("accented"),t.style.setProperty("--accent-line",`#${e.toString(
16).padStart(6,"0")}`))}function ce(t){return r("details",{class:"hidden-part"},r("summary",{},"Spoiler: show"),t)}var Xt=["","primary","secondary","success","d\
anger","link","secondary"],es=5;function ts(t,e){let s=[ss(t.emoji),t.label?r("span",{},t.label):null];if(t.style===es){let n=S(t.url);return r("a",{class:"butt\
on link",href:n,target:"_blank",rel:"noopener noreferrer",title:n},s,r("span",{"aria-hidden":"true"}," ↗"),r("span",{class:"sr"}," (opens elsewhere)"))}return r(
"button",{type:"button",class:`button ${Xt[t.style]??"secondary"}`,"data-custom-id":t.custom_id,disabled:t.disabled,"aria-label":t.label?null:t.emoji?.name,onclick:()=>e.
use(t.custom_id)},s)}function ss(t){return t?.name?r("span",{class:"emoji"},t.id?`:${t.name}:`:t.name," "):null}function ns(t,e){let s=()=>de(t,e.guild),n=s().filter(
o=>o.chosen).map(o=>o.name).join(", "),i=t.placeholder||"Make a selection",a=H({label:n||i,name:n?`${i}: ${n}`:i,items:s,disabled:t.disabled,least:t.min_values??
1,most:t.max_values??1,chosen:o=>e.use(t.custom_id,o)});return a.firstChild.dataset.customId=t.custom_id,a}function de(t,e){if(t.type===p.strings)return(t.options??
[]).map(o=>({name:`${o.emoji?.name&&!o.emoji.id?`${o.emoji.name} `:""}${o.label}`,about:o.description,value:o.value,chosen:!!o.default}));let s=new Set((t.default_values??
[]).map(o=>o.id)),n=(o,l)=>o.map(d=>({name:l+d.name.replace(/^@/,""),value:d.id,chosen:s.has(d.id)})),i=()=>n(e.members,"@"),a=()=>n(e.roles,"@");switch(t.type){case p.
users:return i();case p.roles:return a();case p.mentionables:return[...i(),...a()];default:return n(e.channels.filter(o=>!t.channel_types?.length||t.channel_types.
includes(o.type)),"#")}}function Ae(t,e){return F(t.media?.url,t.description,e.attachments,t.spoiler)}function F(t,e,s,n=!1){return n?ce(Ie(t,e,s)):Ie(t,e,s)}function Ie(t,e,s){
let n=J(t,s);if(!n){let o=S(t);return o?r("a",{href:o,target:"_blank",rel:"noopener noreferrer"},e||o):r("span",{},e||"A picture that isn't there.")}let i=r("a",
{href:n,target:"_blank",class:"picture"},r("img",{src:n,alt:e||"",...is(n,s)})),a=e?r("details",{class:"alt"},r("summary",{},"ALT",r("span",{class:"sr"},", desc\
ription of the picture")),r("p",{},e)):r("span",{class:"alt-missing"},"no description");return r("figure",{},i,a)}function is(t,e=[]){let s=e.find(n=>J(n.url)===
t);return s?.width?{width:s.width,height:s.height}:{}}function J(t,e=[]){let s=/^attachment:\/\/(.+)$/.exec(t??"")?.[1],n=s?e.find(o=>o.filename===s)?.url:t,i=URL.
parse(n??"",location.href);return["127.0.0.1","localhost","[::1]",location.hostname].includes(i?.hostname)&&i.port===location.port&&i.pathname.startsWith("/atta\
chments/")?i.pathname:null}function G(t,e,s,n){let i=J(t,s.attachments),a=e||i?.split("/").at(-1)||"file",o=n??s.attachments?.find(d=>J(d.url)===i)?.size,l=[y("\
file"),r("span",{},a),o===void 0?null:r("span",{class:"soft"},as(o))];return i?r("a",{class:"file",href:i,download:a},l):r("span",{class:"file"},l)}function as(t){
let[e,s]=[["MB",1e6],["kB",1e3],["bytes",1]].find(([,n])=>t>=n)??["bytes",1];return`${(t/s).toFixed(s>1?1:0)} ${e}`}function qe(t,e){let s=o=>_(o,e.names,e.now),
n=S(t.url),i=t.title&&N(t.title,e.names,e.now),a=r("div",{class:"container embed",dir:"auto"},t.thumbnail?.url?r("div",{class:"thumbnail"},F(t.thumbnail.url,t.thumbnail.
description??"",e.attachments)):null,t.author?.name?r("p",{class:"subtext"},t.author.name):null,i?r("p",{class:"embed-title"},n?r("a",{href:n,target:"_blank",rel:"\
noopener noreferrer"},i):i):null,t.description?r("div",{class:"text"},s(t.description)):null,t.fields?.length?r("dl",{class:"fields"},t.fields.map(o=>r("div",{class:o.
inline?"inline":null},r("dt",{},N(o.name,e.names,e.now)),r("dd",{},s(o.value))))):null,t.image?.url?F(t.image.url,t.image.description??"",e.attachments):null,rs(
t));return Ne(a,t.color),a}function rs(t){let e=new Date(t.timestamp??NaN),s=[t.footer?.text,Number.isNaN(e.getTime())?"":k(e,"s")].filter(Boolean);return s.length>
0?r("p",{class:"subtext"},s.join(" • ")):null}var x={text:3,whole:4,truth:5,user:6,channel:7,role:8,mentionable:9,number:10,attachment:11};function v(t,e,s){return(t[`${e}_localizations`]??{})[s]??t[e]??""}
function Re(t,e){return t.flatMap(n=>je(n,[],[],e)).sort((n,i)=>n.shown.localeCompare(i.shown))}function je(t,e,s,n){let i=[...e,t.name],a=[...s,v(t,"name",n)],
o=(t.options??[]).filter(l=>l.type===1||l.type===2);return o.length>0?o.flatMap(l=>je(l,i,a,n)):[{path:i.join(" "),shown:a.join(" "),about:v(t,"description",n),
options:t.options??[]}]}function Ue(t,e){let s=e.toLowerCase().replace(/ +/g," "),n=a=>a.shown.toLowerCase().startsWith(s)||a.path.startsWith(s),i=a=>a.shown.toLowerCase().
includes(s)||a.path.includes(s);return[...t.filter(n),...t.filter(a=>!n(a)&&i(a))]}function V(t,e,s){switch(t.type){case x.truth:return[{name:"True",value:!0},{
name:"False",value:!1}];case x.user:return Fe(e);case x.role:return Be(e);case x.mentionable:return[...Fe(e),...Be(e)];case x.channel:return e.channels.filter(n=>!t.
channel_types?.length||t.channel_types.includes(n.type)).map(n=>({name:`#${n.name}`,value:n.id}));default:return t.choices?.length?t.choices.map(n=>({name:v(n,"\
name",s),value:n.value})):null}}function Fe(t){return t.members.map(e=>({name:`@${e.name}`,value:e.id}))}function Be(t){return t.roles.map(e=>({name:e.name.startsWith(
"@")?e.name:`@${e.name}`,value:e.id}))}function We(t,e){return t.type===x.whole||t.type===x.number?ls(t,e):os(t,e)}function os(t,e){let s=[...e].length;return s<
(t.min_length??0)?{problem:`${t.name} takes at least ${t.min_length} characters.`}:s>(t.max_length??6e3)?{problem:`${t.name} takes at most ${t.max_length} chara\
cters.`}:{value:e}}function ls(t,e){let s=Number(e.trim().replace(",","."));return e.trim()===""||!Number.isFinite(s)?{problem:`${t.name} takes a number.`}:t.type===
x.whole&&!Number.isSafeInteger(s)?{problem:`${t.name} takes a whole number.`}:s<(t.min_value??-1/0)?{problem:`${t.name} is at least ${t.min_value}.`}:s>(t.max_value??
1/0)?{problem:`${t.name} is at most ${t.max_value}.`}:{value:s}}var cs=10*1024*1024;function I(t){return t.size>cs?Promise.reject(new Error(`${t.name} is larger\
 than 10 MiB, which is Discord's limit.`)):new Promise((e,s)=>{let n=new FileReader;n.onload=()=>e({filename:t.name,base64:String(n.result).split(",",2)[1]??""}),
n.onerror=()=>s(new Error(`${t.name} can't be read.`)),n.readAsDataURL(t)})}function He(t,e,{send:s,keep:n,values:i}){let a=c("modal"),o=document.activeElement,l=new Map,d=r("p",{class:"problem",role:"alert"}),u=r("button",{type:"submit",
class:"button primary"},"Submit"),h=r("h2",{id:E("title"),dir:"auto"},t.title??""),m=r("form",{"aria-labelledby":h.id,onsubmit:b=>us(b,{dialog:a,readers:l,problem:d,
submit:u,send:s})},h,(t.components??[]).map(b=>hs(b,e,l)),d,r("div",{class:"row end"},r("button",{type:"button",class:"button secondary",onclick:()=>a.close()},
"Cancel"),u));a.setAttribute("aria-labelledby",h.id),a.replaceChildren(m),a.addEventListener("close",()=>{n(null),(o?.isConnected&&o!==document.body?o:c("entry")).
focus()},{once:!0}),ds(m,i),n(i??ze(m)),m.addEventListener("input",()=>n(ze(m))),a.showModal(),m.querySelector("input, textarea, select")?.focus()}function Je(t){
return[...t.querySelectorAll("input:not([type=file]), textarea, select")]}var Ge=t=>t.type==="checkbox"||t.type==="radio";function ze(t){return Je(t).map(e=>Ge(
e)?e.checked:e.value)}function ds(t,e){Je(t).forEach((s,n)=>{e?.[n]!==void 0&&(s[Ge(s)?"checked":"value"]=e[n],s.dispatchEvent(new Event("input",{bubbles:!0})))})}
async function us(t,{dialog:e,readers:s,problem:n,submit:i,send:a}){t.preventDefault(),n.textContent="",i.disabled=!0,i.textContent="Sending…";try{let o={};for(let[
d,u]of s)o[d]=await u();let l=await a(o);l===null?e.close():n.textContent=l}catch(o){n.textContent=o.message}finally{i.disabled=!1,i.textContent="Submit"}}function hs(t,e,s){
switch(t.type){case p.text:return r("div",{class:"text",dir:"auto"},_(t.content,e.names,e.now));case p.row:return(t.components??[]).map(n=>Pe(n,n.label??"","",e,
s));case p.label:return Pe(t.component??{},t.label,t.description,e,s);default:return r("p",{class:"subtext"},`A field of type ${Number(t.type)} can't be shown h\
ere.`)}}function Pe(t,e,s,n,i){let a=ms(t,n,E("field"));i.set(t.custom_id,a.read);let o=t.required===!1||t.type===p.check,l=[e,o?r("span",{class:"optional"}," o\
ptional"):r("span",{class:"needed","aria-hidden":"true"}," *")],d=s?r("span",{class:"hint",id:E("hint")},s):null,u=a.node.matches("input, textarea, select")?a.node:
null;return u?(d&&u.setAttribute("aria-describedby",d.id),r("div",{class:"field"},r("label",{for:u.id},l),d,u,fs(t,u))):r("fieldset",{class:"field","aria-descri\
bedby":d?.id},r("legend",{},l),d,a.node)}function ms(t,e,s){switch(t.type){case p.input:return ps(t,s);case p.upload:return bs(t,s);case p.check:{let n=r("input",
{type:"checkbox",id:s,checked:t.default});return{node:n,read:()=>n.checked}}case p.radios:return ue(t,t.options,"radio",s);case p.checks:return ue(t,t.options,"\
checkbox",s);default:return ws(t,de(t,e.guild),s)}}function ps(t,e){let s={id:e,name:t.custom_id,placeholder:t.placeholder,maxlength:t.max_length??4e3,minlength:t.
min_length||null,required:t.required!==!1,value:t.value??"",autocomplete:"off"},n=t.style===2?r("textarea",{rows:4,...s}):r("input",{type:"text",...s});return{node:n,
read:()=>n.value}}function fs(t,e){if(t.type!==p.input||!t.max_length)return null;let s=t.min_length?`at least ${t.min_length} · `:"",n=r("span",{class:"count",
"aria-hidden":"true"}),i=()=>{n.textContent=`${s}${e.value.length} / ${t.max_length}`};return e.addEventListener("input",i),i(),n}function bs(t,e){let s=r("inpu\
t",{type:"file",id:e,multiple:(t.max_values??1)>1,required:t.required!==!1});return{node:s,read:()=>Promise.all([...s.files].map(I))}}function ws(t,e,s){if((t.max_values??
1)>1)return ue(t,e.map(a=>({label:a.name,description:a.about,value:a.value,default:a.chosen})),"checkbox",s);let n=t.required!==!1,i=r("select",{id:s,name:t.custom_id,
required:n},r("option",{value:""},t.placeholder||(n?"Choose one":"None")),e.map(a=>r("option",{value:a.value,selected:a.chosen},a.about?`${a.name} (${a.about})`:
a.name)));return{node:i,read:()=>i.value===""?[]:[i.value]}}function ue(t,e,s,n){let i=e??[],a=s==="radio"?1:t.max_values??i.length,o=r("div",{class:"choices"},
a>1&&a<i.length?r("span",{class:"hint"},`Choose ${a} at most`):null,i.map(u=>r("label",{class:"choice"},r("input",{type:s,name:n,value:u.value,checked:u.default,
required:s==="radio"&&t.required!==!1}),r("span",{},u.label,u.description?r("span",{class:"hint"},u.description):null)))),l=()=>[...o.querySelectorAll("input:ch\
ecked")].map(u=>u.value),d=()=>{let u=s==="checkbox"&&l().length>=a;o.querySelectorAll("input").forEach(h=>{h.disabled=u&&!h.checked})};return o.addEventListener(
"input",d),d(),{node:o,read:()=>s==="radio"?l()[0]??null:l()}}var gs=1,ys=4,M=64,Ke=128,ks=4096,xs=32768,Ve={6:"pinned a message to this channel.",12:"follows announcements here now.",18:"started a thread.",21:"started thi\
s thread."};function Ye(t,e,s=!1){let n={...e,attachments:t.attachments??[],use:(o,l)=>e.use(t,o,l)},i=["message",t.author?.bot&&"from-bot",t.flags&M&&"ephemera\
l",s&&"joined",t.failed&&"lost"],a=new Date(t.timestamp);return r("article",{class:i.filter(Boolean).join(" "),"data-message":t.id,tabindex:"-1","aria-label":`${t.
author?.username??"someone"}, ${k(a,"f")}`},s?r("time",{class:"aside","aria-hidden":"true"},k(a,"t")):he(t.author),r("div",{class:"body"},$s(t,e),vs(t),s?null:Cs(
t,e),Ss(t,n),...Ms(t,e)),Ts(t,e))}function he(t){let e=t?.username??"?",s=[...e].reduce((n,i)=>n+i.codePointAt(0),0)%6;return r("div",{class:`avatar ${t?.bot?"o\
f-bot":`tint-${s}`}`,"aria-hidden":"true"},t?.bot?"◈":[...e][0].toUpperCase())}function vs(t){let e=t.interaction_metadata;if(!e?.name)return null;let s=e.name!==
e.name.toLowerCase();return r("p",{class:"invoked"},r("b",{dir:"auto"},e.user?.username??"someone")," used ",s?r("span",{class:"mention"},e.name):r("button",{type:"\
button",class:"mention","data-command":e.name},`/${e.name}`))}function $s(t,e){let s=t.message_reference?.message_id;if(!s||t.message_reference.type===1)return null;
let n=t.referenced_message??e.find(s),i=n?[r("b",{dir:"auto"},`@${n.author?.username??"someone"}`)," ",r("span",{class:"clip"},Es(n,e))]:["a message that isn't \
here"];return r("p",{class:"invoked answer"},y("reply"),r("span",{class:"sr"},"In answer to "),i)}function Es(t,e){let s=t.content||t.text||"";return s?N(s.split(
`
`)[0].replace(/^(#{1,3}|-#|>) /,"").slice(0,120),e.names,e.now):"an attachment"}function Cs(t,e){let s=new Date(t.timestamp);return r("header",{},r("b",{class:"\
author",dir:"auto"},t.author?.username??"someone"),t.author?.bot?r("span",{class:"badge"},"APP"):null,r("time",{class:"at",datetime:t.timestamp,title:k(s,"F")},
Me(s,e.now())),t.flags&ks?r("span",{class:"at",title:"Sent without a notification"},"@silent"):null,t.flags&gs?r("span",{class:"at"},"· Published"):null)}function Ss(t,e){
if(t.failed)return r("p",{class:"failed"},y("warn"),` ${t.failed}`);if(t.flags&Ke)return r("p",{class:"thinking"},_s(),` ${t.author?.username??"The bot"} is thi\
nking…`);if(Ve[t.type])return r("p",{class:"thinking"},Ve[t.type]);let s=t.content?r("div",{class:"text",dir:"auto"},_(t.content,e.names,e.now)):null;s&&t.edited_timestamp&&
s.append(r("span",{class:"edited",title:k(new Date(t.edited_timestamp),"F")}," (edited)"));let n=q(t.components,e),i=t.flags&xs?[]:(t.attachments??[]).map(o=>Ls(
o,e)),a=t.flags&ys?[]:t.embeds??[];return r("div",{class:"content"},s,a.map(o=>qe(o,e)),i,n)}function _s(){return r("span",{class:"dots","aria-hidden":"true"},"\
● ● ●")}function Ls(t,e){return/^image\//.test(t.content_type??"")?F(t.url,t.description,e.attachments,/^SPOILER_/.test(t.filename)):G(t.url,t.filename,e,
t.size)}function Ms(t,e){let s=!!t.edited_timestamp&&!t.content&&!(t.flags&Ke),n=e.failure(t);return[s?r("p",{class:"edited"},"(edited)"):null,n?r("p",{class:"f\
ailed",role:"alert"},y("warn"),` ${n}`):null,...e.threads(t).map(i=>r("button",{type:"button",class:"thread-card",onclick:()=>e.open(i.id)},y("thread"),r("b",{dir:"\
auto"},i.name),r("span",{},"Open the thread ›"))),t.flags&M?r("p",{class:"only-you"},y("eye")," Only you can see this · ",r("button",{type:"button",class:"pl\
ain",onclick:()=>e.dismiss(t)},"Dismiss message")):null]}function Ts(t,e){let s=e.menu(t);return s.length===0?null:r("div",{class:"actions"},H({label:y("more"),
name:`Menu of the message by ${t.author?.username??"someone"}`,kind:"more",items:()=>s.map((n,i)=>({name:n.name,about:n.about,value:String(i)})),chosen:([n])=>s[Number(
n)].run()}))}var Ds=2,As=3,K=class{constructor(e){this.page=e,this.failures=new Map,this.lost=[]}async act(e,s=this.page.place()){let n=await j({...s,...e}),i=U(n);return i||
(n.kind==="modal"&&n.modal?this.form(n.modal,s):await this.page.load(n.kind==="message"),null)}form(e,s,n){He(e,this.page.view(),{values:n,keep:i=>D.write("form",
i&&{modal:e,place:s,values:i}),send:i=>this.act({modal:e.custom_id,fields:i},s)})}resume(){let e=D.read("form",null);e?.modal&&e.place?.user===this.page.member?.
id&&e.place.channel===this.page.channel?.id&&this.form(e.modal,e.place,e.values)}async run(e,s){let n=await this.act({command:e,options:s});if(!n)return null;let{
member:i,channel:a,messages:o,world:l}=this.page;return this.lost.push({id:`lost-${this.lost.length}`,channel:a.id,member:i.id,after:o.at(-1)?.id,failed:n,flags:M,
author:l.self,timestamp:new Date(this.page.now()).toISOString(),interaction_metadata:{name:e,user:{username:i.name}}}),this.page.draw(!0),""}within(e){let s=this.
lost.filter(a=>a.channel===this.page.channel.id&&a.member===this.page.member.id),n=new Set(e.map(a=>a.id)),i=a=>s.filter(o=>o.after===a);return[...e.flatMap(a=>[
a,...i(a.id)]),...s.filter(a=>!n.has(a.after))]}press(e,s,n){return this.trying(e,()=>this.act({message:e.id,custom_id:s,...n?{values:n}:{}}))}async trying(e,s){
this.page.busy(!0),this.failures.delete(e.id);try{this.fail(e,await s())}catch(n){this.fail(e,n.message)}finally{this.page.busy(!1),this.page.draw(!1)}}fail(e,s){
s&&this.failures.set(e.id,s)}menu(e){if(e.failed)return[];let s=!(e.flags&M),n=(a,o,l)=>this.page.usable(a).map(d=>({name:d.name,about:o,run:()=>this.trying(e,()=>this.
act({menu:d.name,...l}))})),i=(a,o)=>({name:a,run:()=>navigator.clipboard.writeText(o).catch(()=>this.page.notify("The browser doesn't let this page copy."))});
return[...s?n(As,"App",{message:e.id}):[],...s&&!e.author?.bot?n(Ds,`App, for @${e.author?.username}`,{target:e.author?.id}):[],i("Copy text",e.text||e.content||
""),i("Copy message ID",e.id)]}};function Ze(t,e){let s=Date.now(),n=performance.now(),i=[c("hour"),c("day"),c("next")],a=()=>s+performance.now()-n,o=()=>{let w=new Date(a());c("clock").dateTime=
w.toISOString(),c("clock").textContent=`${_e(w)} UTC`},l=w=>{let g=Date.parse(w?.now);Number.isFinite(g)&&(s=g,n=performance.now(),o(),e())},d=()=>ye().then(l,()=>{}),
u=!1,h=async w=>{u=!0,i.forEach(g=>g.setAttribute("aria-disabled","true")),c("clock").classList.add("moving");try{t(await w()??"")}catch(g){t(g.message)}finally{
u=!1,setTimeout(d,300),c("clock").classList.remove("moving"),i.forEach(g=>g.removeAttribute("aria-disabled"))}},m=async w=>{let g=await ke({advance:w});return l(
g),g},b=(w,g)=>w.addEventListener("click",()=>w.getAttribute("aria-disabled")||h(g));return b(c("hour"),async()=>Y(await m("1h"))),b(c("day"),async()=>Y(await m(
"24h"))),b(c("next"),()=>Is(m)),setInterval(o,1e3),{now:a,read:w=>u||l(w)}}async function Is(t){let e=await t("0s"),{now:s,next:n,settled:i}=e;if(i===!1)return Y(
e);if(!n)return"Nothing is due. Become moderator and set up a digest with /digest add.";let a=Math.max(Date.parse(n)-Date.parse(s),0);return Y(await t(`${a}ms`))}
function Y(t){return t.settled===!1?"The bot is still posting what fell due; it will show up here.":""}var Os=10,Z=class{constructor(e,s){this.files=[],this.changed=s,this.button=c("attach"),this.input=c("attach-file"),this.list=c("attached"),this.button.append(y(
"plus")),this.button.addEventListener("click",()=>this.input.click()),this.input.addEventListener("change",()=>{this.add(this.input.files),this.input.value=""}),
e.addEventListener("dragover",n=>n.preventDefault()),e.addEventListener("drop",n=>{n.preventDefault(),this.add(n.dataTransfer.files)}),e.addEventListener("paste",
n=>n.clipboardData.files.length>0&&this.add(n.clipboardData.files))}add(e){this.files=[...this.files,...e].slice(0,Os),this.draw()}remove(e){this.files=this.files.
filter(s=>s!==e),this.draw(),this.button.focus()}clear(){this.files=[],this.draw()}draw(){this.list.replaceChildren(...this.files.map(e=>r("li",{},y("file"),r("\
span",{class:"clip"},e.name),r("button",{type:"button",class:"remove","aria-label":`Remove ${e.name}`,onclick:()=>this.remove(e)},"×")))),this.list.hidden=this.
files.length===0,this.changed()}read(){return Promise.all(this.files.map(I))}};var Q=class{constructor(e,s,n){this.option=e,this.picked=null;let i=E("option-field"),a=v(e,"name",s);this.name=a,this.about=v(e,"description",s),this.input=e.type===
x.attachment?r("input",{type:"file",id:i}):r("input",{type:"text",id:i,role:"combobox","aria-autocomplete":"list","aria-expanded":"false","aria-required":String(
!!e.required),maxlength:e.max_length??6e3,autocomplete:"off",spellcheck:"false",inputmode:e.type===x.whole||e.type===x.number?"decimal":null}),this.input.setAttribute(
"aria-description",this.about),this.input.dataset.option=e.name,this.node=r("span",{class:"chip"},r("label",{for:i},a,e.required?r("span",{class:"needed","aria-\
hidden":"true"},"*"):null),this.input,e.required?null:r("button",{type:"button",class:"remove","aria-label":`Remove ${a}`,onclick:()=>n(this)},"×")),this.fit()}get text(){
return this.input.type==="file"?"":this.input.value}get empty(){return this.input.type==="file"?this.input.files.length===0:this.input.value===""}take(e){this.picked=
{text:e.name,value:e.value},this.input.value=e.name,this.fit()}restore({text:e,picked:s}){this.input.type!=="file"&&(this.input.value=e??"",this.picked=s??null,
this.fit())}complain(e){this.input.toggleAttribute("aria-invalid",e),e&&this.input.setAttribute("aria-invalid","true"),this.node.classList.toggle("wrong",e)}fit(){
this.input.type!=="file"&&this.input.style.setProperty("width",`${Math.min(Math.max(this.input.value.length+2,8),40)}ch`)}async read(e,s){if(this.input.type==="\
file")return{value:await I(this.input.files[0])};if(this.picked?.text===this.text)return{value:this.picked.value};let n=V(this.option,e,s);if(!n)return We(this.
option,this.text);let i=o=>o.name.replace(/^[@#]/,"").toLowerCase()===this.text.trim().replace(/^[@#]/,"").toLowerCase(),a=n.find(i);return a?{value:a.value}:{problem:`${this.
option.name}: choose one from the list.`}}};function me(t,e,s){if(!t.startsWith("/"))return null;let n=t.slice(1).replace(/\s+/g," ").trim(),i=l=>n.toLowerCase()===l.toLowerCase()||n.toLowerCase().startsWith(
`${l.toLowerCase()} `),a=l=>Math.max(...[l.shown,l.path].filter(i).map(d=>d.length)),o=e.filter(l=>i(l.shown)||i(l.path)).sort((l,d)=>a(d)-a(l))[0];return o?{entry:o,
...Ns(n.slice(a(o)),o.options,s)}:null}function Ns(t,e,s){let n=new Map(e.flatMap(o=>[[o.name,o],[v(o,"name",s).toLowerCase(),o]])),i=[...t.matchAll(/(?<=\s)([^\s:]{1,32}):/g)].
filter(o=>n.has(o[1].toLowerCase()));return{values:i.map((o,l)=>({option:n.get(o[1].toLowerCase()),text:t.slice(o.index+o[0].length,i[l+1]?.index).trim()})),rest:t.
slice(0,i[0]?.index).trim()}}var qs=120,Qe=25,X=class{constructor(e,s){this.composer=e,this.box=new A(s),this.asked=0,this.timer=0}forget(){clearTimeout(this.timer),this.asked++}suggest(){let e=this.
composer.entry.value;if(this.composer.command){this.suggestOptions(e);return}if(!e.startsWith("/")){this.box.close();return}let s=e.slice(1),n=this.composer.desk.
entries(),i=s.endsWith(" ")&&n.find(a=>a.shown===s.trim()||a.path===s.trim());if(i){this.composer.choose(i);return}this.box.show(this.composer.entry,Ue(n,s.trimStart()).
slice(0,Qe).map(a=>({name:`/${a.shown}`,about:Fs(a),pick:()=>this.composer.choose(a)})),!0,"No command matches. The bot may not be connected yet.")}suggestOptions(e){
let s=this.composer.desk.locale(),n=u=>v(u,"name",s),i=this.composer.command.options.filter(u=>!this.composer.fields.some(h=>h.option===u)),a=/^([^\s:]+):(.*)$/.
exec(e),o=a&&i.find(u=>u.name===a[1]||n(u)===a[1]);if(o){this.composer.add(o,a[2].trim());return}let l=e.trim().toLowerCase(),d=i.filter(u=>n(u).toLowerCase().includes(
l)||u.name.includes(l));this.box.show(this.composer.entry,d.map(u=>({name:n(u),about:v(u,"description",s),pick:()=>this.composer.add(u,"")})),l!=="")}forField(e){
let s=V(e.option,this.composer.desk.guild(),this.composer.desk.locale());if(this.forget(),s){let n=e.picked?.text===e.text?"":e.text.trim().toLowerCase();this.offer(
e,s.filter(i=>i.name.toLowerCase().includes(n)),"Nothing in the list matches.")}else if(e.option.autocomplete){this.box.owner===e.input||this.box.close();let n=this.
asked;this.timer=setTimeout(()=>this.askFor(e,n),qs)}else this.box.close()}async askFor(e,s){try{let n=await this.written(e),i=await this.composer.desk.complete(
this.composer.command.path,n,e.option.name);s===this.asked&&document.activeElement===e.input&&this.offer(e,i.map(a=>({...a,name:v(a,"name",this.composer.desk.locale())})),
"No options match what you typed.")}catch(n){s===this.asked&&this.composer.complain(n.message)}}async written(e){let s={};for(let n of this.composer.fields.filter(
i=>i!==e&&!i.empty&&i.input.type!=="file")){let{value:i,problem:a}=await n.read(this.composer.desk.guild(),this.composer.desk.locale());a||(s[n.option.name]=i)}
return s[e.option.name]=e.picked?.text===e.text?e.picked.value:e.text,s}offer(e,s,n){let i=s.slice(0,Qe).map(a=>({name:a.name,pick:()=>this.composer.take(e,a)}));
this.box.show(e.input,i,e.text!==""&&e.picked?.text!==e.text,e.text===""?"":n)}};function Fs(t){let e=t.options.filter(i=>i.required).map(i=>i.name),s=t.options.
length-e.length,n=[...e,...s>0?[`+${s} optional`]:[]].join(", ");return n?`${t.about} · ${n}`:t.about}var ee=class{constructor(e){this.desk=e,this.form=c("composer"),this.entry=c("entry"),this.chosen=c("chosen"),this.suggestions=new X(this,c("suggestions")),this.
box=this.suggestions.box,this.command=null,this.fields=[],this.place="",this.files=new Z(this.form,()=>this.complain("")),this.form.addEventListener("submit",s=>this.
submit(s)),this.form.addEventListener("input",s=>this.typed(s.target)),this.form.addEventListener("focusin",s=>this.focused(s.target)),this.form.addEventListener(
"focusout",s=>this.form.contains(s.relatedTarget)||this.box.close()),this.form.addEventListener("keydown",s=>this.key(s)),this.entry.addEventListener("paste",s=>this.
pasted(s))}open(e,s){this.describe(s),e!==this.place&&(this.place="",this.clear(),this.place=e);let n=!this.command&&this.entry.value===""&&D.read(`draft.${e}`,
null);n&&this.restore(n)}spoken(){let{place:e}=this;this.place="",this.clear(),this.place=e}keep(){if(this.place==="")return;let e=this.fields.map(n=>({name:n.option.
name,text:n.text,picked:n.picked})),s=!this.command&&this.entry.value==="";D.write(`draft.${this.place}`,s?null:{path:this.command?.path,text:this.entry.value,fields:e})}restore({
path:e,text:s,fields:n}){let i=e&&this.desk.entries().find(o=>o.path===e);if(e&&!i)return;let a=document.activeElement;i&&(this.begin(i),n.forEach(o=>{let l=i.options.
find(d=>d.name===o.name);l&&(this.fields.find(d=>d.option===l)??this.put(l)).restore(o)})),this.entry.value=s??"",this.keep(),document.activeElement!==a&&a?.focus()}pasted(e){
let s=this.command||this.entry.value!==""?null:me(e.clipboardData.getData("text").trim(),this.desk.entries(),this.desk.locale());s&&(e.preventDefault(),this.fill(
s))}fill({entry:e,values:s,rest:n}){this.choose(e);for(let{option:o,text:l}of s)(this.fields.find(u=>u.option===o)??this.put(o)).restore({text:l});let i=this.fields.
find(o=>o.option.required&&o.empty);i&&n!==""&&i.restore({text:n});let a=this.fields.find(o=>o.option.required&&o.empty)?.input??this.entry;a.focus(),this.focused(
a),this.keep()}start(e){let s=this.desk.entries().find(n=>n.path===e);return s&&this.choose(s),!!s}fieldOf(e){return this.fields.find(s=>s.input===e)}focused(e){
let s=this.fieldOf(e);this.explain(s),s?this.suggestions.forField(s):e===this.entry?this.suggestions.suggest():this.box.close()}explain(e){c("about").textContent=
e?`${e.name}: ${e.about}`:"Arrow keys choose, Tab or Enter takes, Enter sends, Escape steps back."}typed(e){this.complain(""),this.fieldOf(e)?.fit(),this.focused(
e),this.keep()}choose(e){this.begin(e),(this.fields[0]?.input??this.entry).focus(),this.focused(document.activeElement),this.keep()}begin(e){this.clear(),this.command=
e,this.chosen.append(r("button",{type:"button",class:"pill","aria-label":`Command ${e.shown}: ${e.about}. Press to remove it.`,onclick:()=>this.leave()},`/${e.shown}`)),
e.options.filter(s=>s.required).forEach(s=>this.put(s)),this.form.classList.add("commanding"),this.entry.setAttribute("aria-label",`More options for /${e.shown}\
, or Enter to send`),this.entry.placeholder=this.fields.length<e.options.length?"more options, or Enter to send":"Enter to send"}put(e){let s=new Q(e,this.desk.
locale(),n=>this.drop(n));return this.fields.push(s),this.chosen.append(s.node),s}add(e,s){let n=this.put(e);this.entry.value="",s!==""&&(n.input.value=s,n.fit()),
n.input.focus(),this.focused(n.input),this.keep()}drop(e){this.fields=this.fields.filter(s=>s!==e),e.node.remove(),this.entry.focus(),this.focused(this.entry),this.
keep()}take(e,s){e.take(s),this.suggestions.forget();let n=this.fields.find(i=>i.option.required&&i.empty)?.input??this.entry;n.focus(),this.focused(n),this.keep()}key(e){
let s={ArrowDown:1,ArrowUp:-1},n={Home:0,End:-1};e.isComposing||!e.target.matches("input")||(s[e.key]&&this.box.open?(this.box.move(s[e.key]),e.preventDefault()):
n[e.key]!==void 0&&this.box.open&&this.box.walked?(this.box.jump(n[e.key]),e.preventDefault()):(e.key==="Enter"||e.key==="Tab"&&!e.shiftKey)&&this.box.open&&this.
box.pick()?e.preventDefault():e.key==="Escape"?this.back(e):e.key==="Backspace"&&this.command&&e.target.value===""&&this.erase(e))}back(e){e.preventDefault(),this.
box.open?this.box.close():this.command&&this.leave()}erase(e){let s=e.target===this.entry?this.fields.length-1:this.fields.indexOf(this.fieldOf(e.target)),n=this.
fields[s];e.preventDefault(),e.target===this.entry&&n?n.input.focus():n&&!n.option.required?this.drop(n):this.leave()}leave(){this.clear(),this.entry.focus()}clear(){
this.suggestions.forget(),this.command=null,this.fields=[],this.chosen.replaceChildren(),this.entry.value="",this.form.classList.remove("commanding"),this.entry.
setAttribute("aria-label","Message or command"),this.box.close(),this.complain(""),this.explain(),this.describe(),this.keep()}describe(e=this.channel){this.channel=
e,this.command||(this.entry.placeholder=e?`Message ${e}, or type /`:"")}complain(e){this.fields.forEach(s=>e===""&&s.complain(!1)),c("problem").textContent=e}async submit(e){
if(e.preventDefault(),!this.form.hasAttribute("aria-busy")){this.box.close(),this.complain(""),this.busy(!0);try{let s=this.command?await this.send():await this.
say();this.complain(s??"")}catch(s){this.complain(s.message)}finally{this.busy(!1)}}}async say(){let e=this.entry.value.trim();if(e.startsWith("/")&&this.files.
files.length===0){let n=me(e,this.desk.entries(),this.desk.locale());return n?(this.fill(n),this.send()):"That isn't a command here. Choose one from the list, o\
r take the slash away to write a message."}if(e===""&&this.files.files.length===0)return null;let s=await this.desk.say(e,await this.files.read());return s===null&&
(this.entry.value="",this.files.clear(),this.keep()),s}async send(){let e=this.fields.find(i=>i.option.required&&i.empty);if(e)return e.input.focus(),e.complain(
!0),`${e.option.name} is needed: ${e.option.description}. This option is required.`;let s={};for(let i of this.fields.filter(a=>!a.empty)){let{value:a,problem:o}=await i.
read(this.desk.guild(),this.desk.locale());if(o)return i.input.focus(),i.complain(!0),o;s[i.option.name]=a}let n=await this.desk.run(this.command.path,s);return n===
null&&this.clear(),n}busy(e){this.form.toggleAttribute("aria-busy",e),c("send").disabled=e,c("status").textContent=e&&this.command?"Waiting for the bot…":""}};var Bs=7*6e4;function Xe(t,e,s,n){let i=new Map([...t.children].map(l=>[l.dataset.key,l])),a=e.flatMap((l,d)=>[...Rs(l,e[d-1],n),js(l,e[d-1],n)]).map(({key:l,print:d,
make:u})=>{let h=i.get(l);if(h?.print===d(s))return h;let m=u(s);return m.dataset.key=l,m.print=d(s),Ws(h,m),m}),o=new Set(a);[...t.children].filter(l=>!o.has(l)).
forEach(l=>l.remove()),a.forEach((l,d)=>t.children[d]!==l&&t.insertBefore(l,t.children[d]??null)),t.querySelector("[data-refocus]")?.focus(),t.querySelector("[d\
ata-refocus]")?.removeAttribute("data-refocus")}function Rs(t,e,s){let n=new Date(t.timestamp),i=e&&re(n,new Date(e.timestamp))?null:k(n,"D"),a=t.id===s;return!i&&
!a?[]:[{key:`line-${t.id}`,print:()=>`${i} ${a}`,make:()=>r("p",{class:`rule${a?" fresh":""}`},i?r("span",{},i):null,a?r("span",{class:"new"},r("span",{class:"s\
r"},"Unread from here: "),"NEW"):null)}]}function js(t,e,s){let n=Us(t,e)&&t.id!==s;return{key:t.id,print:i=>JSON.stringify([t,n,i.menu(t).map(a=>a.name),i.failure(
t),i.threads(t)]),make:i=>Ye(t,i,n)}}function Us(t,e){let s=n=>!!(n.flags&M);return!!e&&e.author?.id===t.author?.id&&s(e)===s(t)&&!t.interaction_metadata?.name&&
!t.message_reference&&!t.type&&!t.failed&&!e.failed&&new Date(t.timestamp)-new Date(e.timestamp)<Bs&&re(new Date(t.timestamp),new Date(e.timestamp))}function Ws(t,e){
let s=t?.contains(document.activeElement)?document.activeElement.dataset.customId:void 0;(s!==void 0&&[...e.querySelectorAll("[data-custom-id]")].find(i=>i.dataset.
customId===s))?.setAttribute?.("data-refocus","")}var zs=1e3,Ps=500,Hs=[["Next answer fails (500)",{match:"POST /interactions/*/*/callback",times:1,status:500}],["Next message is refused (429)",{match:"POST /ch\
annels/*/messages",times:1,status:429,retry_after:2}],["Next answer takes 4 s",{match:"POST /interactions/*/*/callback",times:1,latency_ms:4e3}],["Cut the gatew\
ay now",{match:"NOW",times:1,close:4e3}]],Js={1:"HEARTBEAT",2:"IDENTIFY",3:"PRESENCE",4:"VOICE",6:"RESUME",7:"RECONNECT",8:"MEMBERS",9:"INVALID SESSION",10:"HEL\
LO",11:"HEARTBEAT ACK"};function et(t){let e=c("log"),s=c("log-toggle"),n=c("log-list"),i="",a=0,o=()=>({text:c("log-filter").value.trim().toLowerCase(),kind:c(
"log-kind").value}),l=()=>[...n.children].forEach(h=>{h.hidden=!nt(h.entry,o())}),d=async()=>{try{let{entries:h}=await ge(i);e.hidden||(Gs(n,h,o()),i=h.at(-1)?.
at??i)}catch(h){t(h.message)}clearTimeout(a),a=e.hidden?0:setTimeout(d,zs)},u=h=>{e.hidden=!h,s.setAttribute("aria-expanded",String(h)),clearTimeout(a),(h?c("lo\
g-filter"):s).focus(),h&&(d(),ne().then(it,m=>t(m.message)))};s.addEventListener("click",()=>u(e.hidden)),c("log-close").addEventListener("click",()=>u(!1)),e.addEventListener(
"keydown",h=>h.key==="Escape"&&u(!1)),c("log-filter").addEventListener("input",l),c("log-kind").addEventListener("change",l),c("log-clear").addEventListener("cl\
ick",()=>n.replaceChildren()),Ks(t)}function Gs(t,e,s){let n=e.map(Vs);for(n.forEach(i=>{i.hidden=!nt(i.entry,s)}),t.append(...n);t.children.length>Ps;)t.firstChild.
remove();n.length>0&&c("log-follow").checked&&(t.scrollTop=t.scrollHeight)}function Vs(t){let e=[t.body,t.data].find(i=>i!=null),s=[r("time",{datetime:t.at},t.at.
slice(11,23))," ",r("b",{},tt(t))," ",t.status?r("span",{class:st(t)?"bad":"good"},`${t.status} ${t.verdict??""}`):null,t.kind==="rest"?r("span",{class:"soft"},
` ${t.ms} ms`):null],n=e===void 0?r("li",{},r("p",{class:"entry"},s)):r("li",{},r("details",{},r("summary",{class:"entry"},s),r("pre",{tabindex:"0"},JSON.stringify(
e,null,2))));return n.entry=t,n}function tt(t){return t.kind==="rest"?`${t.method} ${t.path??t.route}`:`${t.direction==="in"?"→":"←"} ${t.event||Js[t.op]||`\
op ${t.op}`}`}function st(t){return t.status>=400}function nt(t,{text:e,kind:s}){return(s==="all"||(s==="refused"?st(t):t.kind===s))&&(e===""||`${tt(t)} ${t.status??
""} ${t.verdict??""}`.toLowerCase().includes(e))}function it(t){let e=t.filter(s=>!s.times||(s.used??0)<s.times);c("faults-now").textContent=e.length===0?"Disco\
rd behaves.":`Waiting to strike: ${e.map(s=>s.match).join(", ")}`}function Ks(t){let e=async n=>{try{it(await n())}catch(i){t(i.message)}},s=(n,i)=>c("faults").
append(r("button",{type:"button",class:"small",onclick:()=>e(i)},n));Hs.forEach(([n,i])=>s(n,async()=>ie([...await ne(),i].map(({used:a,...o})=>o)))),s("Behave \
again",()=>ie([]))}function rt({guilds:t,people:e,channels:s,guild:n,member:i,channel:a,unread:o,connected:l,open:d}){at(c("guild"),t),c("guild").hidden=t.length<2,c("guild").value=
n?.id??"",c("guild-name").textContent=n?.name??"No server yet",at(c("identity"),e),c("identity").value=i?.id??"",c("portrait").replaceChildren(...i?[he({username:i.
name})]:[]),Zs(l);let u=s.filter(b=>!b.archived||b.id===a?.id),h=JSON.stringify([a?.id,u.map(b=>[b.id,b.name,b.type,b.parent,o.has(b.id)])]);if(c("channels").dataset.
print===h)return;c("channels").dataset.print=h;let m=document.activeElement?.dataset?.channel;c("channels").replaceChildren(...u.map(b=>Ys(b,b.id===a?.id,o.has(
b.id),d))),c("channels").querySelector(`[data-channel="${CSS.escape(m??"")}"]`)?.focus()}function pe(t){return t.thread?["thread","thread"]:t.direct?["direct","\
direct messages"]:t.type===5?["news","announcements"]:["text",""]}function Ys(t,e,s,n){let[i,a]=pe(t);return r("li",{class:t.thread?"thread":null},r("button",{type:"\
button","data-channel":t.id,"aria-current":e?"page":null,class:s?"unread":null,onclick:()=>n(t.id)},y(i),r("span",{class:"name",dir:"auto"},t.name),a?r("span",{
class:"sr"},a):null,s?r("span",{class:"dot"},r("span",{class:"sr"},"unread")):null))}function at(t,e){let s=JSON.stringify(e.map(n=>[n.id,n.name]));t.dataset.print!==
s&&(t.dataset.print=s,t.replaceChildren(...e.map(n=>r("option",{value:n.id},n.name))))}function Zs(t){let e=t?"Bot connected":"The bot isn't connected";c("link").
textContent!==e&&(c("link").textContent=e),c("link").dataset.connected=String(t)}function ot(){let t=matchMedia("(max-width: 720px)"),e=()=>document.body.classList.
contains("rail-open"),s=i=>{document.body.classList.toggle("rail-open",i),c("rail").inert=t.matches&&!i,document.querySelector("main").inert=t.matches&&i,c("sha\
de").hidden=!(t.matches&&i),c("menu").setAttribute("aria-expanded",String(i))},n=()=>{e()&&(s(!1),c("menu").focus())};return c("menu").addEventListener("click",
()=>{s(!0),c("channels").querySelector("button")?.focus()}),c("shade").addEventListener("click",n),t.addEventListener("change",()=>s(!1)),document.addEventListener(
"keydown",i=>i.key==="Escape"&&n()),s(!1),{close:n}}function lt(t,e,s){let n=!0,i=()=>{t.scrollTop=t.scrollHeight,s.hidden=!0},a=()=>n&&i();t.addEventListener("scroll",()=>{n=t.scrollHeight-t.scrollTop-t.clientHeight<
80,s.hidden=n}),s.addEventListener("click",()=>{n=!0,i(),t.focus()});let o=new ResizeObserver(a);return o.observe(e),o.observe(t),{changed(l){n||=l,a()}}}var Qs=1n<<3n,ct=1n<<10n,Xs=1n<<11n,en=1n<<31n,tn=1n<<38n,dt=[10,11,12],sn=[0,5,...dt],R=(1n<<53n)-1n;function B(t){return/^\d+$/.test(String(t??""))?BigInt(t):
0n}function ut(t){let e=(t.guilds??[]).map(nn),s=new Map((t.directs??[]).map(n=>[n.id,n.user]));return{guilds:e,directs:s,commands:t.commands??[],connected:!!t.
bot?.connected,self:t.bot?.user}}function ht(t){return{id:"@me",name:t.self?.username??"bot",type:1,direct:!0,topic:"direct messages with the bot",overwrites:[],
parent:""}}function nn(t){return{id:t.id,name:t.name,owner:t.owner_id,roles:(t.roles??[]).map(e=>({id:e.id,name:e.name,permissions:B(e.permissions)})),members:(t.
members??[]).map(an),channels:on([...t.channels??[],...t.threads??[]].map(rn))}}function an(t){let{id:e,username:s,bot:n}=t.user;return{id:e,name:s,bot:!!n,roles:t.
roles??[]}}function rn(t){return{id:t.id,name:t.name??"",position:t.position??0,type:t.type,topic:t.topic??"",overwrites:t.permission_overwrites??[],parent:t.parent_id??
"",thread:dt.includes(t.type),archived:!!t.thread_metadata?.archived}}function on(t){let e=new Set(t.map(n=>n.id));return t.filter(n=>!n.thread||!e.has(n.parent)).
sort((n,i)=>n.position-i.position).flatMap(n=>[n,...t.filter(i=>i.thread&&i.parent===n.id)])}function ln(t,e){if(t.owner===e.id)return R;let n=t.roles.filter(i=>i.
id===t.id||e.roles.includes(i.id)).reduce((i,a)=>i|a.permissions,0n);return n&Qs?R:n}function fe(t,e,s){if(e.direct)return R;let n=e.thread&&t.channels.find(d=>d.
id===e.parent)||e,i=ln(t,s);if(i===R)return i;let a=[n.overwrites.filter(d=>d.id===t.id),n.overwrites.filter(d=>d.id!==t.id&&s.roles.includes(d.id)),n.overwrites.
filter(d=>d.id===s.id)],o=(d,u)=>d.reduce((h,m)=>h|B(m[u]),0n),l=a.reduce((d,u)=>d&~o(u,"deny")|o(u,"allow"),i);return l&ct?l:0n}function mt(t,e){return t.channels.
filter(s=>sn.includes(s.type)&&fe(t,s,e)&ct)}function pt(t,e,s){return!!(fe(t,e,s)&(e.thread?tn:Xs))}function ft(t,e,s,n,i){let a=fe(e,s,n),o=t.commands.filter(
d=>d.type===i&&(s.direct?dn(d):cn(d,e,a))),l=new Set(o.filter(d=>d.guild_id).map(d=>d.name));return o.filter(d=>d.guild_id||!l.has(d.name))}function cn(t,e,s){let n=t.
default_member_permissions??null,i=!t.guild_id||t.guild_id===e.id,a=!t.contexts?.length||t.contexts.includes(0),o=n===null||s===R||B(n)!==0n&&(s&B(n))===B(n);return i&&
a&&o&&!!(s&en)}function dn(t){return(t.contexts?.length?t.contexts.includes(1):t.dm_permission!==!1)&&!t.guild_id}function O(t){return t.direct?"@":"#"}function bt(t){
let e=s=>n=>s.find(i=>i.id===n)?.name;return{user:e(t.members),role:e(t.roles),channel:e(t.channels)}}var wt=1,be=class{constructor(){this.world={guilds:[],commands:[],connected:!1},this.down=!1,this.dismissed=new Set,this.unread=new Map,this.freshFrom="",this.messages=
[],this.loads=0,this.clock=Ze(e=>this.notify(e),()=>ae(c("messages"),()=>this.now())),this.acts=new K(this),this.composer=new ee(this.desk())}now(){return this.
clock.now()}desk(){return{entries:()=>this.channel?Re(this.usable(wt),this.locale):[],guild:()=>this.guild,locale:()=>this.locale,complete:async(e,s,n)=>{let i=await j(
{...this.place(),command:e,options:s,focused:n});if(U(i))throw new T("Loading options failed");return i.choices??[]},run:(e,s)=>this.acts.run(e,s),say:async(e,s)=>(await xe(
this.channel.id,{user:this.member.id,content:e,attachments:s}),await this.load(!0),null)}}usable(e){return ft(this.world,this.guild,this.channel,this.member,e)}place(){
return{guild:this.guild.id,channel:this.channel.id,user:this.member.id,locale:this.locale}}busy(e){c("messages").classList.toggle("waiting",e)}notify(e){c("noti\
ce").textContent=e,c("notice").hidden=e===""}view(){return{names:bt(this.guild),now:()=>this.now(),guild:this.guild,use:(e,s,n)=>this.acts.press(e,s,n),menu:e=>this.
acts.menu(e),failure:e=>this.acts.failures.get(e.id)??"",find:e=>this.messages.find(s=>s.id===e),threads:e=>this.guild.channels.filter(s=>s.thread&&s.id===e.id),
open:e=>this.open(e),dismiss:e=>{this.dismissed.add(e.id),this.draw(!1),c("entry").focus()}}}async start(){this.restore(),this.wire(),await this.reload(),this.acts.
resume(),setInterval(()=>ae(c("messages"),()=>this.now()),1e4)}restore(){this.locale=$.read("locale","en-US"),this.wanted={guild:$.read("guild",""),channel:$.read(
"channel",""),member:$.read("member","reader")},c("language").value=this.locale,this.speaking(),c("welcome").hidden=$.read("welcomed",!1)}wire(){c("identity").addEventListener(
"change",e=>this.become(e.target.value)),c("guild").addEventListener("change",e=>this.enter(e.target.value)),c("language").addEventListener("change",e=>this.speak(
e.target.value)),c("got-it").addEventListener("click",()=>this.welcomed()),this.menu=ot(),this.scroll=lt(c("scroll"),c("messages"),c("jump")),et(e=>this.notify(
e)),document.addEventListener("click",e=>this.mentioned(e)),c("messages").addEventListener("contextmenu",e=>un(e))}mentioned(e){let s=e.target.closest?.("[data-\
open]")?.dataset.open;s&&this.open(s);let n=e.target.closest?.("[data-command]")?.dataset.command;n&&!this.composer.start(n)&&this.notify(`/${n} isn't there for\
 ${this.member?.name??"you"}. The bot may not be connected yet.`)}welcomed(){$.write("welcomed",!0),c("welcome").hidden=!0,c("entry").focus()}async reload(){try{
let e=await we();this.world=ut(e),this.clock.read(e.clock),this.down&&(this.down=!1,this.notify(""))}catch(e){this.down=!0,this.notify(e.message),this.retry();return}
this.settle(),await this.load(!1),this.listen()}retry(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),2e3)}settle(){let{guilds:e}=this.world,
s=(a,o)=>a.find(l=>l.id===o||l.name===o);this.guild=s(e,this.wanted.guild)??e[0];let n=this.guild?.members.filter(a=>!a.bot)??[];this.member=s(n,this.wanted.member)??
n[0];let i=this.member?[...mt(this.guild,this.member),ht(this.world)]:[];this.channel=s(i,this.wanted.channel)??i[0],rt({guilds:e,people:n,channels:i,guild:this.
guild,member:this.member,channel:this.channel,unread:this.unread,connected:this.world.connected,open:a=>this.open(a)}),this.drawHead()}drawHead(){let{channel:e}=this;
c("channel-name").textContent=e?`${O(e)} ${e.name}`:"No channel",c("topic").textContent=e?.topic||(e?pe(e)[1]:""),document.title=`${e?`${O(e)}${e.name} · `:""}\
sitrep: local Discord`;let s=e&&(pt(this.guild,e,this.member)||this.usable(wt).length>0);c("entry").disabled=!s,this.composer.open(e?`${e.id}.${this.member.id}`:
"",e&&O(e)+e.name)}async load(e){if(!this.channel)return;let s=++this.loads;try{let n=await ve(this.channel.id,this.member.id);s===this.loads&&(this.messages=n,
this.draw(e))}catch(n){this.notify(n.message)}}draw(e){let s=this.acts.within(this.messages).filter(n=>!this.dismissed.has(n.id));Xe(c("messages"),s,this.view(),
this.freshFrom),c("beginning").textContent=`Welcome to ${O(this.channel)}${this.channel.name}!`,c("empty").textContent=`This is the beginning of ${O(this.channel)}${this.
channel.name}.`,this.unread.delete(this.channel.id),this.scroll.changed(e)}open(e){this.freshFrom=this.unread.get(e)??"",this.wanted.channel=e,$.write("channel",
e),this.unread.delete(e),this.switched(),this.menu.close()}become(e){this.wanted.member=e,$.write("member",e),this.switched(),this.listen()}enter(e){this.wanted.
guild=e,$.write("guild",e),this.switched()}speak(e){this.locale=e,$.write("locale",e),this.speaking(),this.composer.spoken(),this.switched()}speaking(){document.
documentElement.dataset.locale=this.locale,c("messages").lang=this.locale}switched(){let e=c("messages");this.notify(""),this.settle(),e.replaceChildren(),e.setAttribute(
"aria-busy","true"),this.load(!0).finally(()=>e.removeAttribute("aria-busy"))}listen(){if(this.listening?.as===this.member?.id&&this.listening?.source.readyState!==
EventSource.CLOSED||!this.member)return;this.listening?.source.close();let s=n=>{n?this.soon():(this.down=!0,this.notify("The line to the sandbox is down; tryin\
g again…"),this.retry())};this.listening={as:this.member.id,source:$e(this.member.id,(n,i)=>this.heard(n,i),s)}}heard(e,s){switch(e){case"clock":this.clock.read(
s);break;case"message":case"message_update":case"message_delete":this.heardMessage(e,s);break;case"bot":this.world.connected=!!s?.connected,this.settle();break;default:
this.soon()}}heardMessage(e,s){let i=s?.guild_id===""||this.world.directs.has(s?.channel_id)?"@me":s?.channel_id;!i||i===this.channel?.id?this.load(!1):e==="mes\
sage"&&!this.unread.has(i)&&(this.unread.set(i,s.id),this.settle())}soon(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),100)}};function un(t){
let e=t.target.closest("a, img, input")||!getSelection().isCollapsed,s=t.target.closest(".message")?.querySelector(".more");!e&&s&&(t.preventDefault(),s.focus(),
s.click())}new be().start();
