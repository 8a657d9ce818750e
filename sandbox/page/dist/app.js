// Built from src/ by `make page`.
var C=class extends Error{constructor(e,s){super(e),this.field=s??""}},te=()=>E("GET","state"),se=()=>E("GET","clock"),ne=t=>E("POST","clock",t),R=t=>E("POST","\
interactions",t),ie=(t,e)=>E("POST",`channels/${encodeURIComponent(t)}/messages`,e);async function ae(t,e){return(await E("GET",`channels/${encodeURIComponent(t)}\
/messages?as=${encodeURIComponent(e)}`)).messages??[]}async function E(t,e,s){let n={method:t,signal:AbortSignal.timeout(3e4),cache:"no-store"};s!==void 0&&(n.headers=
{"Content-Type":"application/json"},n.body=JSON.stringify(s));let i;try{i=await fetch(`/sandbox/${e}`,n)}catch(o){throw new C(o.name==="TimeoutError"?"The sandb\
ox took longer than 30 seconds to answer. Try again.":"The sandbox can't be reached. Is sitrep still running? Start it again and this page picks up by itself.")}
let a=await i.json().catch(()=>({}));if(!i.ok)throw new C(a.error??a.message??`The sandbox answered with status ${i.status}.`,a.field);return a}var ze=["message",
"message_update","message_delete","clock","commands","state","bot"];function re(t,e,s){let n=new EventSource(`/sandbox/events?as=${encodeURIComponent(t)}`);for(let i of ze)
n.addEventListener(i,a=>e(i,Ge(a.data)));return n.addEventListener("open",()=>s(!0)),n.addEventListener("error",()=>s(!1)),n}function Ge(t){try{return JSON.parse(
t)}catch{return null}}function U(t){switch(t.error){case null:case void 0:case"":return null;case"timeout":return"The application did not respond in time.";case"\
not_connected":return"The bot isn't connected, so nobody answered. Start it, wait for the green mark and try again.";case"rejected":return`The bot's answer brok\
e one of Discord's rules and was refused${t.reason?`: ${t.reason}`:"."}`;default:return`No answer: ${t.error}`}}function r(t,e={},...s){let n=document.createElement(t);for(let[i,a]of Object.entries(e))Je(n,i,a);return n.append(...s.flat(1/0).filter(i=>i!=null&&i!==!1)),n}
function Je(t,e,s){s==null||s===!1||(typeof s=="function"?t.addEventListener(e.slice(2),s):e==="value"?t.value=s:t.setAttribute(e,s===!0?"":s))}function c(t){return document.
getElementById(t)}var le=0;function g(t){return le+=1,`${t}-${le}`}function x(t){let e=URL.parse(String(t));return e&&(e.protocol==="https:"||e.protocol==="http\
:")?e.href:null}var Ve={t:{timeStyle:"short"},T:{timeStyle:"medium"},d:{dateStyle:"short"},D:{dateStyle:"long"},f:{dateStyle:"long",timeStyle:"short"},F:{dateStyle:"full",timeStyle:"\
short"},s:{dateStyle:"short",timeStyle:"short"},S:{dateStyle:"short",timeStyle:"medium"}},Ke=864e10;function de(t,e){let[,s,n="f"]=/^t:(-?\d{1,13})(?::([tTdDfFsSR]))?$/.
exec(t)??[];if(s===void 0||Math.abs(s)>Ke)return null;let i=new Date(Number(s)*1e3),a=r("time",{datetime:i.toISOString(),title:v(i,"F")});return n==="R"?(a.dataset.
relative=s,a.textContent=he(i,e())):a.textContent=v(i,n),a}function v(t,e){return new Intl.DateTimeFormat(document.documentElement.dataset.locale,Ve[e]).format(
t)}function ue(t){return new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"short",day:"numeric",month:"short",year:"numeric",hour:"2-digit",minute:"2-dig\
it"}).format(t)}var ce=[["year",31536e3],["month",2592e3],["day",86400],["hour",3600],["minute",60],["second",1]];function he(t,e){let s=Math.round((t-e)/1e3),[
n,i]=ce.find(([,a])=>Math.abs(s)>=a)??ce.at(-1);return new Intl.RelativeTimeFormat(document.documentElement.dataset.locale,{numeric:"auto"}).format(Math.round(s/
i),n)}function W(t,e){for(let s of t.querySelectorAll("time[data-relative]")){let n=he(new Date(Number(s.dataset.relative)*1e3),e());s.textContent!==n&&(s.textContent=
n)}}function me(t){let e=Date.now(),s=performance.now(),n=[c("hour"),c("day"),c("next")],i=()=>e+performance.now()-s,a=()=>{let b=new Date(i());c("clock").dateTime=
b.toISOString(),c("clock").textContent=`${ue(b)} UTC`},o=b=>{let p=Date.parse(b?.now);Number.isFinite(p)&&(e=p,s=performance.now(),a())},l=()=>se().then(o,()=>{}),
d=!1,u=async b=>{d=!0,n.forEach(p=>p.setAttribute("aria-disabled","true")),c("clock").classList.add("moving");try{t(await b()??"")}catch(p){t(p.message)}finally{
d=!1,setTimeout(l,300),c("clock").classList.remove("moving"),n.forEach(p=>p.removeAttribute("aria-disabled"))}},h=async b=>{let p=await ne({advance:b});return o(
p),p},w=(b,p)=>b.addEventListener("click",()=>b.getAttribute("aria-disabled")||u(p));return w(c("hour"),async()=>A(await h("1h"))),w(c("day"),async()=>A(await h(
"24h"))),w(c("next"),()=>Ze(h)),setInterval(a,1e3),{now:i,read:b=>d||o(b)}}async function Ze(t){let e=await t("0s"),{now:s,next:n,settled:i}=e;if(i===!1)return A(
e);if(!n)return"Nothing is due. Become moderator and set up a digest with /digest add.";let a=Math.max(Date.parse(n)-Date.parse(s),0);return A(await t(`${a}ms`))}
function A(t){return t.settled===!1?"The bot is still posting what fell due; it will show up here.":""}var y={text:3,whole:4,truth:5,user:6,channel:7,role:8,mentionable:9,number:10,attachment:11};function k(t,e,s){return(t[`${e}_localizations`]??{})[s]??t[e]??""}
function be(t,e){return t.flatMap(n=>we(n,[],[],e)).sort((n,i)=>n.shown.localeCompare(i.shown))}function we(t,e,s,n){let i=[...e,t.name],a=[...s,k(t,"name",n)],
o=(t.options??[]).filter(l=>l.type===1||l.type===2);return o.length>0?o.flatMap(l=>we(l,i,a,n)):[{path:i.join(" "),shown:a.join(" "),about:k(t,"description",n),
options:t.options??[]}]}function ye(t,e){let s=e.toLowerCase().replace(/ +/g," "),n=a=>a.shown.toLowerCase().startsWith(s)||a.path.startsWith(s),i=a=>a.shown.toLowerCase().
includes(s)||a.path.includes(s);return[...t.filter(n),...t.filter(a=>!n(a)&&i(a))]}function I(t,e,s){switch(t.type){case y.truth:return[{name:"True",value:!0},{
name:"False",value:!1}];case y.user:return fe(e);case y.role:return pe(e);case y.mentionable:return[...fe(e),...pe(e)];case y.channel:return e.channels.filter(n=>!t.
channel_types?.length||t.channel_types.includes(n.type)).map(n=>({name:`#${n.name}`,value:n.id}));default:return t.choices?.length?t.choices.map(n=>({name:k(n,"\
name",s),value:n.value})):null}}function fe(t){return t.members.map(e=>({name:`@${e.name}`,value:e.id}))}function pe(t){return t.roles.map(e=>({name:e.name.startsWith(
"@")?e.name:`@${e.name}`,value:e.id}))}function ge(t,e){if(t.type!==y.whole&&t.type!==y.number)return{value:e};let s=Number(e.trim().replace(",","."));return e.
trim()===""||!Number.isFinite(s)?{problem:`${t.name} takes a number.`}:t.type===y.whole&&!Number.isSafeInteger(s)?{problem:`${t.name} takes a whole number.`}:{value:s}}
var Qe=10*1024*1024;function D(t){return t.size>Qe?Promise.reject(new Error(`${t.name} is larger than 10 MiB, which is Discord's limit.`)):new Promise((e,s)=>{let n=new FileReader;
n.onload=()=>e({filename:t.name,base64:String(n.result).split(",",2)[1]??""}),n.onerror=()=>s(new Error(`${t.name} can't be read.`)),n.readAsDataURL(t)})}var q=class{constructor(e,s,n){this.option=e,this.picked=null;let i=g("option-field"),a=k(e,"name",s);this.input=e.type===y.attachment?r("input",{type:"file",id:i}):
r("input",{type:"text",id:i,role:"combobox","aria-autocomplete":"list","aria-expanded":"false","aria-required":String(!!e.required),maxlength:e.max_length??6e3,
autocomplete:"off",spellcheck:"false",inputmode:e.type===y.whole||e.type===y.number?"decimal":null}),this.input.setAttribute("aria-description",k(e,"description",
s)),this.input.dataset.option=e.name,this.node=r("span",{class:"chip"},r("label",{for:i},a,e.required?r("span",{class:"needed","aria-hidden":"true"},"*"):null),
this.input,e.required?null:r("button",{type:"button",class:"remove","aria-label":`Remove ${a}`,onclick:()=>n(this)},"×")),this.fit()}get text(){return this.input.
type==="file"?"":this.input.value}get empty(){return this.input.type==="file"?this.input.files.length===0:this.input.value===""}take(e){this.picked={text:e.name,
value:e.value},this.input.value=e.name,this.fit()}fit(){this.input.type!=="file"&&this.input.style.setProperty("width",`${Math.min(Math.max(this.input.value.length+
2,8),40)}ch`)}async read(e,s){if(this.input.type==="file")return{value:await D(this.input.files[0])};if(this.picked?.text===this.text)return{value:this.picked.value};
let n=I(this.option,e,s);if(!n)return ge(this.option,this.text);let i=o=>o.name.replace(/^[@#]/,"").toLowerCase()===this.text.trim().replace(/^[@#]/,"").toLowerCase(),
a=n.find(i);return a?{value:a.value}:{problem:`${this.option.name}: choose one from the list.`}}};var _=class{constructor(e){this.root=e,this.items=[],this.active=-1,this.owner=null,e.addEventListener("mousedown",s=>s.preventDefault())}get open(){return!this.
root.hidden}show(e,s,n,i=""){if(this.close(),s.length===0&&i==="")return;this.owner=e,this.items=s;let a=s.map(o=>this.row(o));this.root.replaceChildren(...a.length>
0?a:[r("li",{class:"none",role:"option","aria-disabled":"true"},i)]),this.root.hidden=!1,e.setAttribute("aria-expanded","true"),e.setAttribute("aria-controls",this.
root.id),this.activate(n&&s.length>0?0:-1)}row(e){return r("li",{role:"option",id:g("option"),"aria-selected":"false",class:e.chosen?"chosen":null,onclick:()=>e.
pick()},r("span",{class:"name"},e.name),e.about?r("span",{class:"about"},e.about):null)}close(){this.root.hidden=!0,this.root.replaceChildren(),this.items=[],this.
active=-1,this.owner?.setAttribute("aria-expanded","false"),this.owner?.removeAttribute("aria-activedescendant"),this.owner=null}move(e){let s=this.items.length;
s>0&&this.activate(this.active<0?e>0?0:s-1:(this.active+e+s)%s)}activate(e){this.active=e,[...this.root.children].forEach((n,i)=>n.setAttribute("aria-selected",
String(i===e)));let s=this.root.children[e];s?(this.owner.setAttribute("aria-activedescendant",s.id),s.scrollIntoView({block:"nearest"})):this.owner.removeAttribute(
"aria-activedescendant")}pick(){let e=this.items[this.active];return e?.pick(),!!e}};var Xe=120,ke=25,M=class{constructor(e){this.desk=e,this.form=c("composer"),this.entry=c("entry"),this.chosen=c("chosen"),this.box=new _(c("suggestions")),this.
command=null,this.fields=[],this.asked=0,this.timer=0,this.form.addEventListener("submit",s=>this.submit(s)),this.form.addEventListener("input",s=>this.typed(s.
target)),this.form.addEventListener("focusin",s=>this.focused(s.target)),this.form.addEventListener("focusout",s=>this.form.contains(s.relatedTarget)||this.box.
close()),this.form.addEventListener("keydown",s=>this.key(s))}start(e){let s=this.desk.entries().find(n=>n.path===e);return s&&this.choose(s),!!s}fieldOf(e){return this.
fields.find(s=>s.input===e)}focused(e){let s=this.fieldOf(e);s?this.suggestFor(s):e===this.entry?this.suggest():this.box.close()}typed(e){this.complain(""),this.
fieldOf(e)?.fit(),this.focused(e)}suggest(){let e=this.entry.value;if(this.command){this.suggestOptions(e);return}if(!e.startsWith("/")){this.box.close();return}
let s=e.slice(1),n=this.desk.entries(),i=s.endsWith(" ")&&n.find(a=>a.shown===s.trim()||a.path===s.trim());if(i){this.choose(i);return}this.box.show(this.entry,
ye(n,s.trimStart()).slice(0,ke).map(a=>({name:`/${a.shown}`,about:Ye(a),pick:()=>this.choose(a)})),!0,"No command matches. The bot may not be connected yet.")}suggestOptions(e){
let s=this.desk.locale(),n=u=>k(u,"name",s),i=this.command.options.filter(u=>!this.fields.some(h=>h.option===u)),a=/^([^\s:]+):(.*)$/.exec(e),o=a&&i.find(u=>u.name===
a[1]||n(u)===a[1]);if(o){this.add(o,a[2].trim());return}let l=e.trim().toLowerCase(),d=i.filter(u=>n(u).toLowerCase().includes(l)||u.name.includes(l));this.box.
show(this.entry,d.map(u=>({name:n(u),about:k(u,"description",s),pick:()=>this.add(u,"")})),l!=="")}choose(e){this.clear(),this.command=e,this.chosen.append(r("b\
utton",{type:"button",class:"pill","aria-label":`Command ${e.shown}: ${e.about}. Press to remove it.`,onclick:()=>this.leave()},`/${e.shown}`)),e.options.filter(
s=>s.required).forEach(s=>this.place(s)),this.form.classList.add("commanding"),this.entry.setAttribute("aria-label",`More options for /${e.shown}, or Enter to s\
end`),this.entry.placeholder=this.fields.length<e.options.length?"more options, or Enter to send":"Enter to send",(this.fields[0]?.input??this.entry).focus(),this.
focused(document.activeElement)}place(e){let s=new q(e,this.desk.locale(),n=>this.drop(n));return this.fields.push(s),this.chosen.append(s.node),s}add(e,s){let n=this.
place(e);this.entry.value="",s!==""&&(n.input.value=s,n.fit()),n.input.focus(),this.focused(n.input)}drop(e){this.fields=this.fields.filter(s=>s!==e),e.node.remove(),
this.entry.focus(),this.focused(this.entry)}suggestFor(e){let s=I(e.option,this.desk.guild(),this.desk.locale());if(clearTimeout(this.timer),this.asked++,s){let n=e.
picked?.text===e.text?"":e.text.trim().toLowerCase();this.offer(e,s.filter(i=>i.name.toLowerCase().includes(n)),"Nothing in the list matches.")}else if(e.option.
autocomplete){this.box.owner===e.input||this.box.close();let n=this.asked;this.timer=setTimeout(()=>this.askFor(e,n),Xe)}else this.box.close()}async askFor(e,s){
try{let n=await this.written(e),i=await this.desk.complete(this.command.path,n,e.option.name);s===this.asked&&document.activeElement===e.input&&this.offer(e,i.map(
a=>({...a,name:k(a,"name",this.desk.locale())})),"No options match what you typed.")}catch(n){s===this.asked&&this.complain(n.message)}}async written(e){let s={};
for(let n of this.fields.filter(i=>i!==e&&!i.empty&&i.input.type!=="file")){let{value:i,problem:a}=await n.read(this.desk.guild(),this.desk.locale());a||(s[n.option.
name]=i)}return s[e.option.name]=e.picked?.text===e.text?e.picked.value:e.text,s}offer(e,s,n){let i=s.slice(0,ke).map(a=>({name:a.name,pick:()=>this.take(e,a)}));
this.box.show(e.input,i,e.text!==""&&e.picked?.text!==e.text,e.text===""?"":n)}take(e,s){e.take(s),this.asked++,clearTimeout(this.timer);let n=this.fields.find(
i=>i.option.required&&i.empty)?.input??this.entry;n.focus(),this.focused(n)}key(e){let s={ArrowDown:1,ArrowUp:-1};e.isComposing||!e.target.matches("input")||(s[e.
key]&&this.box.open?(this.box.move(s[e.key]),e.preventDefault()):(e.key==="Enter"||e.key==="Tab"&&!e.shiftKey)&&this.box.open&&this.box.pick()?e.preventDefault():
e.key==="Escape"?this.back(e):e.key==="Backspace"&&this.command&&e.target.value===""&&this.erase(e))}back(e){e.preventDefault(),this.box.open?this.box.close():this.
command&&this.leave()}erase(e){let s=e.target===this.entry?this.fields.length-1:this.fields.indexOf(this.fieldOf(e.target)),n=this.fields[s];e.preventDefault(),
e.target===this.entry&&n?n.input.focus():n&&!n.option.required?this.drop(n):this.leave()}leave(){this.clear(),this.entry.focus()}clear(){clearTimeout(this.timer),
this.asked++,this.command=null,this.fields=[],this.chosen.replaceChildren(),this.entry.value="",this.form.classList.remove("commanding"),this.entry.setAttribute(
"aria-label","Message or command"),this.box.close(),this.complain(""),this.describe()}describe(e=this.channel){this.channel=e,this.command||(this.entry.placeholder=
e?`Message #${e}, or type /`:"")}complain(e){c("problem").textContent=e}async submit(e){if(e.preventDefault(),!this.form.hasAttribute("aria-busy")){this.box.close(),
this.complain(""),this.busy(!0);try{let s=this.command?await this.send():await this.say();this.complain(s??"")}catch(s){this.complain(s.message)}finally{this.busy(
!1)}}}async say(){let e=this.entry.value.trim();if(e==="")return null;if(e.startsWith("/"))return"That isn't a command here. Choose one from the list, or take t\
he slash away to write a message.";let s=await this.desk.say(e);return s===null&&(this.entry.value=""),s}async send(){let e=this.fields.find(i=>i.option.required&&
i.empty);if(e)return e.input.focus(),`${e.option.name} is needed: ${e.option.description}.`;let s={};for(let i of this.fields.filter(a=>!a.empty)){let{value:a,problem:o}=await i.
read(this.desk.guild(),this.desk.locale());if(o)return i.input.focus(),o;s[i.option.name]=a}let n=await this.desk.run(this.command.path,s);return n===null&&this.
clear(),n}busy(e){this.form.toggleAttribute("aria-busy",e),c("send").disabled=e,c("status").textContent=e&&this.command?"Waiting for the bot…":""}};function Ye(t){
let e=t.options.filter(i=>i.required).map(i=>i.name),s=t.options.length-e.length,n=[...e,...s>0?[`+${s} optional`]:[]].join(", ");return n?`${t.about} · ${n}`:
t.about}var O=12;function $(t,e={},s=Date.now){let n=document.createDocumentFragment();return n.append(...H(String(t??"").replaceAll(`\r
`,`
`).split(`
`),{names:e,now:s,depth:0})),n}function P(t,e={},s=Date.now){let n=document.createDocumentFragment();return n.append(...S(String(t??""),{names:e,now:s,depth:0})),
n}var et=[[/^```/,rt],[/^#{1,3} +\S/,st],[/^-# +\S/,nt],[/^>>> /,at],[/^> /,it],[/^ *(?:[-*]|\d{1,9}\.) +\S/,ve]];function H(t,e){let s=[],n=[],i=()=>{n.some(a=>a.
trim()!=="")&&s.push(r("p",{},S(n.join(`
`).replace(/^\n+|\n+$/g,""),e))),n=[]};for(let a=0;a<t.length;){let o=tt(t,a,e);o?(i(),s.push(o.node),a=o.next):n.push(t[a++])}return i(),s}function tt(t,e,s){let n=et.
find(([i])=>i.test(t[e]));return n&&s.depth<O?n[1](t,e,{...s,depth:s.depth+1}):null}function st(t,e,s){let[,n,i]=/^(#{1,3}) +(.*)$/.exec(t[e]);return{node:r("di\
v",{class:`h h${n.length}`,role:"heading","aria-level":n.length+2},S(i,s)),next:e+1}}function nt(t,e,s){return{node:r("p",{class:"subtext"},S(t[e].replace(/^-# +/,
""),s)),next:e+1}}function it(t,e,s){let n=e;for(;n<t.length&&t[n].startsWith("> ");)n++;return{node:r("blockquote",{},H(t.slice(e,n).map(i=>i.slice(2)),s)),next:n}}
function at(t,e,s){let n=[t[e].slice(4),...t.slice(e+1)];return{node:r("blockquote",{},H(n,s)),next:t.length}}function rt(t,e){let s=t.slice(e).join(`
`).slice(3),n=s.indexOf("```");if(n<0)return null;let i=s.slice(0,n).replace(/^[\w+-]*\n/,"").replace(/\n$/,""),a=e+s.slice(0,n).split(`
`).length,o=s.slice(n+3).split(`
`)[0],l=r("pre",{tabindex:"0"},r("code",{},i));return o.trim()!==""?(t[a-1]=o,{node:l,next:a-1}):{node:l,next:a}}var xe=/^( *)([-*]|\d{1,9}\.) +(.*)$/;function ve(t,e,s){
let[,n,i]=xe.exec(t[e]),a=/\d/.test(i),o=r(a?"ol":"ul",a?{start:parseInt(i,10)}:{}),l=e;for(;l<t.length;){let d=xe.exec(t[l]);if(!d||d[1].length<n.length)break;
if(d[1].length>n.length+1&&o.lastChild&&s.depth<O){let u=ve(t,l,{...s,depth:s.depth+1});o.lastChild.append(u.node),l=u.next}else{if(/\d/.test(d[2])!==a)break;o.
append(r("li",{},S(d[3],s))),l++}}return{node:o,next:l}}var ot=[["***",t=>r("strong",{},r("em",{},t))],["**",t=>r("strong",{},t)],["__",t=>r("u",{},t)],["~~",t=>r(
"s",{},t)],["||",lt],["*",t=>r("em",{},t)],["_",t=>r("em",{},t)]];function lt(t){return r("button",{type:"button",class:"spoiler","aria-expanded":"false","aria-\
label":"Spoiler: show",onclick:s=>{s.currentTarget.setAttribute("aria-expanded","true"),s.currentTarget.removeAttribute("aria-label")}},r("span",{class:"spoiler\
-inside"},t))}function S(t,e){let s=[],n="",i=()=>{n!==""&&s.push(n),n=""};for(let a=0;a<t.length;){let o=ct(t,a,e);o?typeof o.node=="string"?(n+=o.node,a=o.next):
(i(),s.push(o.node),a=o.next):n+=t[a++]}return i(),s}function ct(t,e,s){switch(t[e]){case"\\":return/[!-/:-@[-`{-~]/.test(t[e+1]??"")?{node:t[e+1],next:e+2}:null;case"\
`":return dt(t,e);case"<":return wt(t,e,s);case"[":return pt(t,e,s);case"h":return bt(t,e);case`
`:return{node:r("br"),next:e+1};default:return ut(t,e,s)}}function dt(t,e){let s=/^`{1,3}/.exec(t.slice(e,e+3))[0],n=t.indexOf(s,e+s.length);if(n<=e+s.length)return null;
let i=t.slice(e+s.length,n);return{node:r("code",{},s==="`"?i:i.trim()),next:n+s.length}}function ut(t,e,s){if(s.depth>=O||!"*_~|".includes(t[e]))return null;for(let[
n,i]of ot){if(!t.startsWith(n,e)||!ht(t,e,n))continue;let a=mt(t,e+n.length,n);if(a>0)return{node:i(S(t.slice(e+n.length,a),{...s,depth:s.depth+1})),next:a+n.length}}
return null}function ht(t,e,s){let n=t[e+s.length]??" ";return s==="_"?!/\w/.test(t[e-1]??" ")&&n.trim()!=="":s!=="*"||n.trim()!==""}function mt(t,e,s){for(let n=e;n<
t.length;n++)if(t[n]==="\\")n++;else if(t[n]==="`"){let i=t.indexOf("`",n+1);n=i<0?n:i}else{if(t.startsWith(s,n)&&n>e&&ft(t,n,s))return n;s.length===1&&t[n]===s&&
t[n+1]===s&&n++}return-1}function ft(t,e,s){let n=t[e+s.length]??" ";switch(s){case"_":return!/\w/.test(n)&&(n!=="_"||t[e-1]==="_");case"*":return t[e-1].trim()!==
""&&n!=="*";case"**":case"__":return n!==s[0];default:return!0}}function pt(t,e,s){let n=/\[((?:[^[\]\\]|\\.|\[[^[\]]*\])+)\]\(<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: +"[^"\n]*")?\)/y;
n.lastIndex=e;let i=n.exec(t),a=i&&x(i[2]);return!a||s.depth>=O?null:{node:z(a,S(i[1],{...s,depth:s.depth+1})),next:n.lastIndex}}function bt(t,e){if(/\w/.test(t[e-
1]??" "))return null;let s=/https?:\/\/[^\s<>"']{1,2000}/y;s.lastIndex=e;let n=s.exec(t)?.[0].replace(/[.,:;!?*_~|\])]+$/,""),i=n&&x(n);return i?{node:z(i,[n]),
next:e+n.length}:null}function z(t,e){return r("a",{href:t,target:"_blank",rel:"noopener noreferrer",title:t},e)}function wt(t,e,s){let n=t.indexOf(">",e);if(n<
0||n-e>2e3)return null;let i=t.slice(e+1,n),a=de(i,s.now)??gt(i,s.names)??yt(i);return a?{node:a,next:n+1}:null}function yt(t){let e=/^https?:\/\/\S+$/.test(t)&&
x(t);return e?z(e,[t]):null}function gt(t,e){let[,s,n]=/^(@!?|@&|#)(\d{1,20})$/.exec(t)??[],i=l=>r("span",{class:"mention"},l);switch(s){case"@":case"@!":return i(
`@${e.user?.(n)??"unknown-user"}`);case"@&":return i(`@${e.role?.(n)??"unknown-role"}`);case"#":return i(`#${e.channel?.(n)??"unknown"}`)}let a=/^\/([^:<>]{1,100}):\d{1,20}$/.
exec(t);if(a)return r("button",{type:"button",class:"mention","data-command":a[1]},`/${a[1]}`);let o=/^a?:(\w{1,32}):\d{1,20}$/.exec(t);return o?`:${o[1]}:`:null}function N({label:t,name:e,items:s,chosen:n,disabled:i=!1,least:a=1,most:o=1,kind:l="select"}){let d=r("ul",{role:"listbox",id:g("list"),class:"popup-list",hidden:!0,
"aria-label":e}),u=r("button",{type:"button",role:"combobox",class:l,"aria-haspopup":"listbox","aria-expanded":"false","aria-controls":d.id,"aria-label":e,disabled:i},
r("span",{},t),r("span",{class:"caret","aria-hidden":"true"},l==="select"?"▾":"")),h=new _(d);o>1&&d.setAttribute("aria-multiselectable","true");let w=new Set,
b=()=>h.open?h.close():p(),p=()=>{w.clear(),s().filter(f=>f.chosen).forEach(f=>w.add(f.value)),Y(0)},Y=f=>{h.show(u,We(),!1),h.activate(Math.min(f,h.items.length-
1)),d.scrollIntoView({block:"nearest"})},We=()=>o>1?Pe():s().map(f=>({...f,pick:()=>ee([f.value])})),Pe=()=>[...s().map((f,j)=>({...f,name:`${w.has(f.value)?"☑":
"☐"} ${f.name}`,chosen:w.has(f.value),pick:()=>He(f.value,j)})),{name:`Done (${w.size} chosen)`,pick:()=>w.size>=a&&ee([...w])}],He=(f,j)=>{!w.delete(f)&&w.size<
o&&w.add(f),Y(j)},ee=f=>{h.close(),n(f)};return u.addEventListener("click",b),u.addEventListener("blur",()=>h.close()),u.addEventListener("keydown",f=>kt(f,h,p)),
r("span",{class:"popup"},u,d)}function kt(t,e,s){if(!e.open){(t.key==="ArrowDown"||t.key==="ArrowUp")&&(t.preventDefault(),s());return}let n={ArrowDown:1,ArrowUp:-1};
if(n[t.key])e.move(n[t.key]);else if(t.key==="Enter"||t.key===" ")e.pick();else if(t.key==="Escape")e.close();else if(t.key==="Home"||t.key==="End")e.activate(t.
key==="Home"?0:e.items.length-1);else if(t.key.length===1)xt(e,t.key);else return;t.preventDefault()}function xt(t,e){let n=[...t.items.keys()].map(i=>(t.active+
1+i)%t.items.length).find(i=>t.items[i].name.toLowerCase().startsWith(e.toLowerCase()));n!==void 0&&t.activate(n)}var m={row:1,button:2,strings:3,input:4,users:5,roles:6,mentionables:7,channels:8,section:9,text:10,thumbnail:11,gallery:12,file:13,separator:14,container:17,label:18,
upload:19,radios:21,checks:22,check:23};function L(t,e){return(Array.isArray(t)?t:[]).map(s=>Se(s,e))}function Se(t,e){switch(t.type){case m.row:return r("div",
{class:"row"},L(t.components,e));case m.button:return St(t,e);case m.strings:case m.users:case m.roles:case m.mentionables:case m.channels:return Et(t,e);case m.
section:return r("div",{class:"section"},r("div",{class:"section-text"},L(t.components,e)),t.accessory?Se(t.accessory,e):null);case m.text:return r("div",{class:"\
text"},$(t.content,e.names,e.now));case m.thumbnail:return r("div",{class:"thumbnail"},$e(t,e));case m.gallery:return r("div",{class:"gallery","data-count":t.items?.
length??0},(t.items??[]).map(s=>$e(s,e)));case m.file:return V(t.file?.url,t.name,e);case m.separator:return r("hr",{class:`separator${t.divider===!1?" clear":""}${t.
spacing===2?" wide":""}`});case m.container:return vt(t,e);default:return r("p",{class:"subtext"},`A part of this message (component type ${Number(t.type)}) can\
't be shown here.`)}}function vt(t,e){let s=r("div",{class:"container"},L(t.components,e));return Ce(s,t.accent_color),t.spoiler?Ee(s):s}function Ce(t,e){Number.
isInteger(e)&&(t.classList.add("accented"),t.style.setProperty("--accent-line",`#${e.toString(16).padStart(6,"0")}`))}function Ee(t){return r("details",{class:"\
hidden-part"},r("summary",{},"Spoiler: show"),t)}var $t=["","primary","secondary","success","danger","link","secondary"];function St(t,e){let s=[Ct(t.emoji),t.label?
r("span",{},t.label):null];if(t.style===5){let n=x(t.url);return r("a",{class:"button link",href:n,target:"_blank",rel:"noopener noreferrer",title:n},s,r("span",
{"aria-label":"(opens elsewhere)"}," ↗"))}return r("button",{type:"button",class:`button ${$t[t.style]??"secondary"}`,"data-custom-id":t.custom_id,disabled:t.
disabled,"aria-label":t.label?null:t.emoji?.name,onclick:()=>e.use(t.custom_id)},s)}function Ct(t){return t?.name?r("span",{class:"emoji"},t.id?`:${t.name}:`:t.
name," "):null}function Et(t,e){let s=()=>G(t,e.guild),n=s().filter(o=>o.chosen).map(o=>o.name).join(", "),i=t.placeholder||"Make a selection",a=N({label:n||i,name:n?
`${i}: ${n}`:i,items:s,disabled:t.disabled,least:t.min_values??1,most:t.max_values??1,chosen:o=>e.use(t.custom_id,o)});return a.firstChild.dataset.customId=t.custom_id,
a}function G(t,e){if(t.type===m.strings)return(t.options??[]).map(o=>({name:`${o.emoji?.name&&!o.emoji.id?`${o.emoji.name} `:""}${o.label}`,about:o.description,
value:o.value,chosen:!!o.default}));let s=new Set((t.default_values??[]).map(o=>o.id)),n=(o,l)=>o.map(d=>({name:l+d.name.replace(/^@/,""),value:d.id,chosen:s.has(
d.id)})),i=()=>n(e.members,"@"),a=()=>n(e.roles,"@");switch(t.type){case m.users:return i();case m.roles:return a();case m.mentionables:return[...i(),...a()];default:
return n(e.channels.filter(o=>!t.channel_types?.length||t.channel_types.includes(o.type)),"#")}}function $e(t,e){let s=F(t.media?.url,t.description,e.attachments);
return t.spoiler?Ee(s):s}function F(t,e,s){let n=J(t,s);if(!n){let o=x(t);return o?r("a",{href:o,target:"_blank",rel:"noopener noreferrer"},e||o):r("span",{},e||
"A picture that isn't there.")}let i=r("a",{href:n,target:"_blank",class:"picture"},r("img",{src:n,alt:e||"",..._t(n,s)})),a=e?r("details",{class:"alt"},r("summ\
ary",{"aria-label":"Description of the picture"},"ALT"),r("p",{},e)):r("span",{class:"alt-missing"},"no description");return r("figure",{},i,a)}function _t(t,e=[]){
let s=e.find(n=>J(n.url)===t);return s?.width?{width:s.width,height:s.height}:{}}function J(t,e=[]){let s=/^attachment:\/\/(.+)$/.exec(t??"")?.[1],n=s?e.find(o=>o.
filename===s)?.url:t,i=URL.parse(n??"",location.href);return["127.0.0.1","localhost","[::1]",location.hostname].includes(i?.hostname)&&i.port===location.port&&i.
pathname.startsWith("/attachments/")?i.pathname:null}function V(t,e,s){let n=J(t,s.attachments),i=e||n?.split("/").at(-1)||"file";return n?r("a",{class:"file",href:n,
download:i},`📄 ${i}`):r("span",{class:"file"},`📄 ${i}`)}function _e(t,e){let s=o=>$(o,e.names,e.now),n=x(t.url),i=t.title&&P(t.title,e.names,e.now),a=r("d\
iv",{class:"container embed"},t.author?.name?r("p",{class:"subtext"},t.author.name):null,i?r("p",{class:"embed-title"},n?r("a",{href:n,target:"_blank",rel:"noop\
ener noreferrer"},i):i):null,t.description?r("div",{class:"text"},s(t.description)):null,t.fields?.length?r("dl",{class:"fields"},t.fields.map(o=>r("div",{class:o.
inline?"inline":null},r("dt",{},P(o.name,e.names,e.now)),r("dd",{},s(o.value))))):null,t.image?.url?F(t.image.url,t.image.description??"",e.attachments):null,t.
footer?.text?r("p",{class:"subtext"},t.footer.text):null);return Ce(a,t.color),a}var K=64,Le=128,Lt=32768;function Tt(t,e){let s=!!t.author?.bot,n={...e,attachments:t.attachments??[],use:(a,o)=>e.use(t,a,o)};return r("article",{class:`messag\
e${s?" from-bot":""}${t.flags&K?" ephemeral":""}`,"data-message":t.id,"aria-label":`${t.author?.username??"someone"}, ${v(new Date(t.timestamp),"f")}`},At(t.author),
r("div",{class:"body"},It(t),Dt(t),qt(t,n),...Ot(t,e)),Nt(t,e))}function At(t){let e=t?.username??"?",s=[...e].reduce((n,i)=>n+i.codePointAt(0),0)%6;return r("d\
iv",{class:`avatar tint-${s}`,"aria-hidden":"true"},t?.bot?"◈":e[0].toUpperCase())}function It(t){let e=t.interaction_metadata;return e?.name?r("p",{class:"in\
voked"},r("b",{},e.user?.username??"someone")," used ",r("span",{class:"mention"},`/${e.name}`)):null}function Dt(t){let e=new Date(t.timestamp);return r("heade\
r",{},r("b",{class:"author"},t.author?.username??"someone"),t.author?.bot?r("span",{class:"badge"},"APP"):null,r("time",{class:"at",datetime:t.timestamp,title:v(
e,"F")},v(e,"s")))}function qt(t,e){if(t.flags&Le)return r("p",{class:"thinking"},r("span",{class:"dots","aria-hidden":"true"},"● ● ●"),` ${t.author?.username??
"The bot"} is thinking…`);let s=t.content?r("div",{class:"text"},$(t.content,e.names,e.now)):null;s&&t.edited_timestamp&&s.append(r("span",{class:"edited",title:v(
new Date(t.edited_timestamp),"F")}," (edited)"));let n=L(t.components,e),i=t.flags&Lt?[]:(t.attachments??[]).map(a=>Mt(a,e));return r("div",{class:"content"},s,
(t.embeds??[]).map(a=>_e(a,e)),i,n)}function Mt(t,e){return/^image\//.test(t.content_type??"")?F(t.url,t.description,e.attachments):V(t.url,t.filename,e)}function Ot(t,e){
return[!!t.edited_timestamp&&!t.content&&!(t.flags&Le)?r("p",{class:"edited"},"(edited)"):null,t.flags&K?r("p",{class:"only-you"},r("span",{"aria-hidden":"true"},
"◉ "),"Only you can see this · ",r("button",{type:"button",class:"plain",onclick:()=>e.dismiss(t)},"Dismiss message")):null]}function Nt(t,e){let s=e.menu.names;
return s.length===0||t.flags&K?null:r("div",{class:"actions"},N({label:"⋯",name:"Apps for this message",kind:"more",items:()=>s.map(n=>({name:n,value:n})),chosen:([
n])=>e.menu.run(n,t)}))}function Te(t,e,s){let n=new Map([...t.children].map(l=>[l.dataset.message,l])),i=!1,a=e.map(l=>{let d=JSON.stringify([l,s.menu.names]),
u=n.get(l.id);if(u?.print===d)return u;let h=Tt(l,s);return h.print=d,i||=!u,Ft(u,h),h}),o=new Set(a);return[...t.children].filter(l=>!o.has(l)).forEach(l=>l.remove()),
a.forEach((l,d)=>t.children[d]!==l&&t.insertBefore(l,t.children[d]??null)),t.querySelector("[data-refocus]")?.focus(),t.querySelector("[data-refocus]")?.removeAttribute(
"data-refocus"),i}function Ft(t,e){let s=t?.contains(document.activeElement)?document.activeElement.dataset.customId:void 0;(s!==void 0&&[...e.querySelectorAll(
"[data-custom-id]")].find(i=>i.dataset.customId===s))?.setAttribute?.("data-refocus","")}function Ie(t,e,s){let n=c("modal"),i=document.activeElement,a=new Map,o=r("p",{class:"problem",role:"alert"}),l=r("button",{type:"submit",class:"button primary"},
"Submit"),d=r("h2",{id:g("title")},t.title??""),u=r("form",{"aria-labelledby":d.id,onsubmit:h=>Bt(h,{dialog:n,readers:a,problem:o,submit:l,send:s})},d,(t.components??
[]).map(h=>jt(h,e,a)),o,r("div",{class:"row end"},r("button",{type:"button",class:"button secondary",onclick:()=>n.close()},"Cancel"),l));n.setAttribute("aria-l\
abelledby",d.id),n.replaceChildren(u),n.addEventListener("close",()=>i?.isConnected&&i.focus(),{once:!0}),n.showModal(),u.querySelector("input, textarea, select")?.
focus()}async function Bt(t,{dialog:e,readers:s,problem:n,submit:i,send:a}){t.preventDefault(),n.textContent="",i.disabled=!0,i.textContent="Sending…";try{let o={};
for(let[d,u]of s)o[d]=await u();let l=await a(o);l===null?e.close():n.textContent=l}catch(o){n.textContent=o.message}finally{i.disabled=!1,i.textContent="Submit"}}
function jt(t,e,s){switch(t.type){case m.text:return r("div",{class:"text"},$(t.content,e.names,e.now));case m.row:return(t.components??[]).map(n=>Ae(n,n.label??
"","",e,s));case m.label:return Ae(t.component??{},t.label,t.description,e,s);default:return r("p",{class:"subtext"},`A field of type ${Number(t.type)} can't be\
 shown here.`)}}function Ae(t,e,s,n,i){let a=Rt(t,n,g("field"));i.set(t.custom_id,a.read);let o=t.required===!1||t.type===m.check,l=[e,o?r("span",{class:"option\
al"}," optional"):r("span",{class:"needed","aria-hidden":"true"}," *")],d=s?r("span",{class:"hint",id:g("hint")},s):null,u=a.node.matches("input, textarea, sele\
ct")?a.node:null;return u?(d&&u.setAttribute("aria-describedby",d.id),r("div",{class:"field"},r("label",{for:u.id},l),d,u)):r("fieldset",{class:"field","aria-de\
scribedby":d?.id},r("legend",{},l),d,a.node)}function Rt(t,e,s){switch(t.type){case m.input:return Ut(t,s);case m.upload:return Wt(t,s);case m.check:{let n=r("i\
nput",{type:"checkbox",id:s,checked:t.default});return{node:n,read:()=>n.checked}}case m.radios:return Z(t,t.options,"radio",s);case m.checks:return Z(t,t.options,
"checkbox",s);default:return Pt(t,G(t,e.guild),s)}}function Ut(t,e){let s={id:e,name:t.custom_id,placeholder:t.placeholder,maxlength:t.max_length??4e3,minlength:t.
min_length||null,required:t.required!==!1,value:t.value??"",autocomplete:"off"},n=t.style===2?r("textarea",{rows:4,...s}):r("input",{type:"text",...s});return{node:n,
read:()=>n.value}}function Wt(t,e){let s=r("input",{type:"file",id:e,multiple:(t.max_values??1)>1,required:t.required!==!1});return{node:s,read:()=>Promise.all(
[...s.files].map(D))}}function Pt(t,e,s){if((t.max_values??1)>1)return Z(t,e.map(a=>({label:a.name,description:a.about,value:a.value,default:a.chosen})),"checkb\
ox",s);let n=t.required!==!1,i=r("select",{id:s,name:t.custom_id,required:n},r("option",{value:""},t.placeholder||(n?"Choose one":"None")),e.map(a=>r("option",{
value:a.value,selected:a.chosen},a.about?`${a.name} (${a.about})`:a.name)));return{node:i,read:()=>i.value===""?[]:[i.value]}}function Z(t,e,s,n){let i=r("div",
{class:"choices"},(e??[]).map(o=>r("label",{class:"choice"},r("input",{type:s,name:n,value:o.value,checked:o.default,required:s==="radio"&&t.required!==!1}),r("\
span",{},o.label,o.description?r("span",{class:"hint"},o.description):null)))),a=()=>[...i.querySelectorAll("input:checked")].map(o=>o.value);return{node:i,read:()=>s===
"radio"?a()[0]??null:a()}}function qe({guilds:t,people:e,channels:s,guild:n,member:i,channel:a,unread:o,connected:l,open:d}){De(c("guild"),t),c("guild").hidden=t.length<2,c("guild").value=
n?.id??"",c("guild-name").textContent=n?.name??"No server yet",De(c("identity"),e),c("identity").value=i?.id??"";let u=document.activeElement?.dataset?.channel;
c("channels").replaceChildren(...s.map(h=>r("li",{},r("button",{type:"button","data-channel":h.id,"aria-current":h.id===a?.id?"page":null,class:o.has(h.id)?"unr\
ead":null,onclick:()=>d(h.id)},r("span",{class:"hash","aria-hidden":"true"},"#"),h.name,o.has(h.id)?r("span",{class:"dot"},r("span",{class:"sr"},"unread")):null)))),
c("channels").querySelector(`[data-channel="${CSS.escape(u??"")}"]`)?.focus(),Ht(l)}function De(t,e){let s=JSON.stringify(e.map(n=>[n.id,n.name]));t.dataset.print!==
s&&(t.dataset.print=s,t.replaceChildren(...e.map(n=>r("option",{value:n.id},n.name))))}function Ht(t){let e=t?"Bot connected":"The bot isn't connected";c("link").
textContent!==e&&(c("link").textContent=e),c("link").dataset.connected=String(t)}function Me(){let t=matchMedia("(max-width: 720px)"),e=()=>document.body.classList.
contains("rail-open"),s=i=>{document.body.classList.toggle("rail-open",i),c("rail").inert=t.matches&&!i,document.querySelector("main").inert=t.matches&&i,c("sha\
de").hidden=!(t.matches&&i),c("menu").setAttribute("aria-expanded",String(i))},n=()=>{e()&&(s(!1),c("menu").focus())};return c("menu").addEventListener("click",
()=>{s(!0),c("channels").querySelector("button")?.focus()}),c("shade").addEventListener("click",n),t.addEventListener("change",()=>s(!1)),document.addEventListener(
"keydown",i=>i.key==="Escape"&&n()),s(!1),{close:n}}var zt=1n<<3n,Oe=1n<<10n,Gt=1n<<11n,Jt=1n<<31n,B=(1n<<53n)-1n;function T(t){return/^\d+$/.test(String(t??""))?BigInt(t):0n}function Ne(t){return{guilds:(t.guilds??
[]).map(Vt),commands:t.commands??[],connected:!!t.bot?.connected}}function Vt(t){return{id:t.id,name:t.name,owner:t.owner_id,roles:(t.roles??[]).map(e=>({id:e.id,
name:e.name,permissions:T(e.permissions)})),members:(t.members??[]).map(Kt),channels:(t.channels??[]).map(Zt).sort((e,s)=>e.position-s.position)}}function Kt(t){
let{id:e,username:s,bot:n}=t.user;return{id:e,name:s,bot:!!n,roles:t.roles??[]}}function Zt(t){let e=t.permission_overwrites??[];return{id:t.id,name:t.name,position:t.
position??0,type:t.type,overwrites:e}}function Qt(t,e){if(t.owner===e.id)return B;let n=t.roles.filter(i=>i.id===t.id||e.roles.includes(i.id)).reduce((i,a)=>i|a.
permissions,0n);return n&zt?B:n}function Q(t,e,s){let n=Qt(t,s);if(n===B)return n;let i=[e.overwrites.filter(l=>l.id===t.id),e.overwrites.filter(l=>l.id!==t.id&&
s.roles.includes(l.id)),e.overwrites.filter(l=>l.id===s.id)],a=(l,d)=>l.reduce((u,h)=>u|T(h[d]),0n),o=i.reduce((l,d)=>l&~a(d,"deny")|a(d,"allow"),n);return o&Oe?
o:0n}function Fe(t,e){return t.channels.filter(s=>Q(t,s,e)&Oe)}function Be(t,e,s){return!!(Q(t,e,s)&Gt)}function je(t,e,s,n,i){let a=Q(e,s,n),o=t.commands.filter(
d=>Xt(d,e,a)&&d.type===i),l=new Set(o.filter(d=>d.guild_id).map(d=>d.name));return o.filter(d=>d.guild_id||!l.has(d.name))}function Xt(t,e,s){let n=t.default_member_permissions??
null,i=!t.guild_id||t.guild_id===e.id,a=!t.contexts?.length||t.contexts.includes(0),o=n===null||s===B||T(n)!==0n&&(s&T(n))===T(n);return i&&a&&o&&!!(s&Jt)}function Re(t){
let e=s=>n=>s.find(i=>i.id===n)?.name;return{user:e(t.members),role:e(t.roles),channel:e(t.channels)}}var Ue=1,Yt=3,X=class{constructor(){this.world={guilds:[],commands:[],connected:!1},this.down=!1,this.dismissed=new Set,this.unread=new Set,this.messages=[],this.
loads=0,this.clock=me(e=>this.notify(e)),this.composer=new M(this.desk())}now(){return this.clock.now()}desk(){return{entries:()=>this.channel?be(this.usable(Ue),
this.locale):[],guild:()=>this.guild,locale:()=>this.locale,complete:async(e,s,n)=>{let i=await R({...this.place(),command:e,options:s,focused:n}),a=U(i);if(a)throw new C(
a);return i.choices??[]},run:(e,s)=>this.act({command:e,options:s}),say:async e=>(await ie(this.channel.id,{user:this.member.id,content:e}),await this.load(!0),
null)}}usable(e){return je(this.world,this.guild,this.channel,this.member,e)}place(){return{guild:this.guild.id,channel:this.channel.id,user:this.member.id,locale:this.
locale}}async act(e){let s=this.place(),n=await R({...s,...e}),i=U(n);return i||(n.kind==="modal"&&n.modal?Ie(n.modal,this.view(),a=>this.act({...s,modal:n.modal.
custom_id,fields:a})):await this.load(n.kind==="message"),null)}async use(e,s,n){await this.trying(()=>this.act({message:e.id,custom_id:s,...n?{values:n}:{}}))}async trying(e){
c("messages").classList.add("waiting"),this.notify("");try{this.notify(await e()??"")}catch(s){this.notify(s.message)}finally{c("messages").classList.remove("wa\
iting")}}notify(e){c("notice").textContent=e,c("notice").hidden=e===""}view(){return{names:Re(this.guild),now:()=>this.now(),guild:this.guild,use:(e,s,n)=>this.
use(e,s,n),dismiss:e=>{this.dismissed.add(e.id),this.draw(!1),c("entry").focus()},menu:{names:this.usable(Yt).map(e=>e.name),run:(e,s)=>this.trying(()=>this.act(
{menu:e,message:s.id}))}}}async start(){this.restore(),this.wire(),await this.reload(),setInterval(()=>W(c("messages"),()=>this.now()),1e4)}restore(){let e=(s,n)=>localStorage.
getItem(`sitrep.${s}`)??n;this.locale=e("locale","en-US"),this.wanted={guild:e("guild",""),channel:e("channel",""),member:e("member","reader")},c("language").value=
this.locale,this.speaking(),c("welcome").hidden=e("welcomed","")!==""}keep(e,s){localStorage.setItem(`sitrep.${e}`,s)}wire(){c("identity").addEventListener("cha\
nge",e=>this.become(e.target.value)),c("guild").addEventListener("change",e=>this.enter(e.target.value)),c("language").addEventListener("change",e=>this.speak(e.
target.value)),c("got-it").addEventListener("click",()=>this.welcomed()),this.menu=Me(),document.addEventListener("click",e=>this.mentioned(e)),this.wireScroll()}wireScroll(){
let e=c("scroll");this.atEnd=!0,e.addEventListener("scroll",()=>{this.atEnd=e.scrollHeight-e.scrollTop-e.clientHeight<80});let s=new ResizeObserver(()=>this.followEnd());
s.observe(c("messages")),s.observe(e)}mentioned(e){let s=e.target.closest?.("[data-command]")?.dataset.command;s&&!this.composer.start(s)&&this.notify(`/${s} is\
n't there for ${this.member?.name??"you"}. The bot may not be connected yet.`)}welcomed(){this.keep("welcomed","yes"),c("welcome").hidden=!0,c("entry").focus()}async reload(){
try{let e=await te();this.world=Ne(e),this.clock.read(e.clock),this.down&&(this.down=!1,this.notify(""))}catch(e){this.down=!0,this.notify(e.message),this.retry();
return}this.settle(),await this.load(!1),this.listen()}retry(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),2e3)}settle(){let{guilds:e}=this.
world,s=(a,o)=>a.find(l=>l.id===o||l.name===o);this.guild=s(e,this.wanted.guild)??e[0];let n=this.guild?.members.filter(a=>!a.bot)??[];this.member=s(n,this.wanted.
member)??n[0];let i=this.member?Fe(this.guild,this.member):[];this.channel=s(i,this.wanted.channel)??i[0],qe({guilds:e,people:n,channels:i,guild:this.guild,member:this.
member,channel:this.channel,unread:this.unread,connected:this.world.connected,open:a=>this.open(a)}),this.drawHead()}drawHead(){c("channel-name").textContent=this.
channel?`# ${this.channel.name}`:"No channel",document.title=`${this.channel?`#${this.channel.name} · `:""}sitrep: local Discord`;let e=this.channel&&(Be(this.
guild,this.channel,this.member)||this.usable(Ue).length>0);c("entry").disabled=!e,this.composer.describe(this.channel?.name)}async load(e){if(!this.channel)return;
let s=++this.loads;try{let n=await ae(this.channel.id,this.member.id);s===this.loads&&(this.messages=n,this.draw(e))}catch(n){this.notify(n.message)}}draw(e){let s=this.
messages.filter(n=>!this.dismissed.has(n.id));Te(c("messages"),s,this.view()),c("empty").textContent=`This is the beginning of #${this.channel.name}.`,c("empty").
hidden=s.length>0,this.unread.delete(this.channel.id),this.atEnd||=e,this.followEnd()}followEnd(){this.atEnd&&(c("scroll").scrollTop=c("scroll").scrollHeight)}open(e){
this.wanted.channel=e,this.keep("channel",e),this.unread.delete(e),this.switched(),this.menu.close()}become(e){this.wanted.member=e,this.keep("member",e),this.switched(),
this.listen()}enter(e){this.wanted.guild=e,this.keep("guild",e),this.switched()}speak(e){this.locale=e,this.keep("locale",e),this.speaking(),this.switched()}speaking(){
document.documentElement.dataset.locale=this.locale,c("messages").lang=this.locale}switched(){let e=c("messages");this.notify(""),this.composer.clear(),this.settle(),
e.replaceChildren(),e.setAttribute("aria-busy","true"),this.load(!0).finally(()=>e.removeAttribute("aria-busy"))}listen(){if(this.listening?.as===this.member?.id&&
this.listening?.source.readyState!==EventSource.CLOSED||!this.member)return;this.listening?.source.close();let s=n=>{n?this.soon():(this.down=!0,this.notify("Th\
e line to the sandbox is down; trying again…"),this.retry())};this.listening={as:this.member.id,source:re(this.member.id,(n,i)=>this.heard(n,i),s)}}heard(e,s){
switch(e){case"clock":this.clock.read(s),W(c("messages"),()=>this.now());break;case"message":case"message_update":case"message_delete":this.heardMessage(e,s);break;case"\
bot":this.world.connected=!!s?.connected,this.settle();break;default:this.soon()}}heardMessage(e,s){let n=s?.channel_id;!n||n===this.channel?.id?this.load(!1):e===
"message"&&!this.unread.has(n)&&(this.unread.add(n),this.settle())}soon(){clearTimeout(this.pending),this.pending=setTimeout(()=>this.reload(),100)}};new X().start();
