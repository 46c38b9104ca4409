// What pages do beyond what they do without it: they stay as things are, copy, and try searches.
(function () {
  "use strict";

  // --- live: parts of the page as they are now

  // A form that somebody is filling in is his until he sends it, and so is one that was refused and shows what he typed: what others do meanwhile he is told then.
  function isBegun(form) {
    return form.getAttribute("action") === location.pathname || Array.from(form.elements).some(isTouched);
  }

  function isTouched(field) {
    if (field.type === "hidden" || field.nodeName === "BUTTON") {
      return false;
    }
    if (field.nodeName === "SELECT") {
      return field === document.activeElement || field.selectedIndex !== Math.max(0, Array.from(field.options).findIndex(function (each) { return each.defaultSelected; }));
    }
    return field === document.activeElement || field.value !== field.defaultValue;
  }

  function holdsBegun(node) {
    return node.nodeType === Node.ELEMENT_NODE && (node.nodeName === "FORM" ? [node] : Array.from(node.querySelectorAll("form"))).some(isBegun);
  }

  // What is told and was not shown, because of a form that somebody is filling in; shown when he goes on.
  var latest = {};
  var isHeldBack = false;

  function showHeldBack() {
    if (isHeldBack) {
      isHeldBack = false;
      Object.keys(latest).forEach(function (name) { swap(latest[name]); });
    }
  }

  // What is the same stays the same element: who has the focus keeps it, who scrolled stays there, who presses a button has pressed it.
  function patch(old, next) {
    if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName || old.id !== next.id) {
      leave(old);
      old.replaceWith(next.cloneNode(true));
      return;
    }
    if (old.nodeName === "FORM" && isBegun(old)) {
      isHeldBack = true;
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== next.nodeValue) {
        old.nodeValue = next.nodeValue;
      }
      return;
    }
    Array.from(next.attributes).forEach(function (each) {
      // Whether something is open is for who opened it, or folded it.
      if (each.name !== "open" && old.getAttribute(each.name) !== each.value) {
        old.setAttribute(each.name, each.value);
      }
    });
    Array.from(old.attributes).forEach(function (each) {
      // The same, and who was led to something stays there.
      if (!next.hasAttribute(each.name) && each.name !== "open" && (each.name !== "tabindex" || old !== document.activeElement)) {
        old.removeAttribute(each.name);
      }
    });
    patchChildren(old, next);
    // What somebody typed and took back counts as typed for a browser, which goes on showing it.
    if ("defaultValue" in old && old.value !== old.defaultValue) {
      old.value = old.defaultValue;
    } else if (old.nodeName === "OPTION" && old.selected !== old.defaultSelected) {
      old.selected = old.defaultSelected;
    }
  }

  function patchChildren(old, next) {
    var stays = {};
    Array.from(next.children).forEach(function (child) { stays[child.id] = true; });
    var at = old.firstChild;
    Array.from(next.childNodes).forEach(function (child) {
      var same = child.id ? Array.from(old.children).find(function (each) { return each.id === child.id; }) : null;
      if (same) {
        while (at && at !== same && !(at.id && stays[at.id])) {
          at = remove(at);
        }
        if (at === same) {
          at = at.nextSibling;
        } else {
          move(old, same, at);
        }
        patch(same, child);
      } else if (at && !at.id && !child.id && at.nodeName === child.nodeName) {
        var here = at;
        at = at.nextSibling;
        patch(here, child);
      } else {
        old.insertBefore(child.cloneNode(true), at);
      }
    });
    while (at) {
      at = remove(at);
    }
  }

  function remove(node) {
    var next = node.nextSibling;
    if (holdsBegun(node)) {
      isHeldBack = true;
    } else {
      leave(node);
      node.remove();
    }
    return next;
  }

  // Whoever has the focus in what goes is led to what it stood in, and not to the top of the page.
  function leave(node) {
    if (node.contains(document.activeElement)) {
      var around = node.parentNode.closest("tr, li, section, [data-live]");
      if (around) {
        around.tabIndex = around.hasAttribute("tabindex") ? around.tabIndex : -1;
        around.focus({ preventScroll: true });
      }
    }
  }

  // What is moved loses the focus in most browsers.
  function move(parent, node, before) {
    var focused = node.contains(document.activeElement) ? document.activeElement : null;
    parent.insertBefore(node, before);
    if (focused) {
      focused.focus({ preventScroll: true });
    }
  }

  // What is sent to all has nothing of a session, nor of a page, in its forms.
  function ownForms(content) {
    var csrf = document.querySelector("input[name=csrf]");
    content.querySelectorAll("input[name=csrf]").forEach(function (input) { input.setAttribute("value", csrf ? csrf.value : ""); });
    content.querySelectorAll("input[name=back]").forEach(function (input) { input.setAttribute("value", document.body.dataset.here); });
  }

  function swap(html) {
    var holder = document.createElement("template");
    holder.innerHTML = html;
    ownForms(holder.content);
    Array.from(holder.content.children).forEach(function (next) {
      var old = document.getElementById(next.id);
      if (old && old.dataset.live && next.dataset.live && !old.isEqualNode(next)) {
        var before = state(old);
        patch(old, next);
        if (state(old) !== before) {
          announce(state(old));
        }
      }
    });
  }

  // How what a part shows is as a whole, without its sign; an empty text where it does not say so.
  function state(part) {
    var badge = part.querySelector(".big .badge");
    return badge ? badge.lastChild.textContent.trim() : "";
  }

  function tell(name, html) {
    latest[name] = html;
    found(name);
    swap(html);
  }

  // One line is read out to who does not see. It is there before anything is said: what comes with its text is not read by all.
  function announce(text) {
    if (!document.getElementById("stale")) {
      document.getElementById("said").textContent = text;
    }
  }

  function live() {
    var parts = Array.from(document.querySelectorAll("[data-live]"));
    if (parts.length === 0) {
      return;
    }
    var asked = (parts[0].dataset.events || document.body.dataset.events) + "?page=" + encodeURIComponent(document.body.dataset.here);
    parts.forEach(function (part) { asked += "&of=" + encodeURIComponent(part.dataset.live); });
    var stop = null;
    var isPaused = false;
    function start() {
      stop = listen(asked, parts.map(function (part) { return part.dataset.live; }), start);
    }
    // A browser has few connections to a server: a page that nobody looks at gives its own back.
    function look() {
      var isOn = !document.hidden && !isPaused;
      if (!isOn && stop) {
        stop();
        stop = null;
      } else if (isOn && !stop) {
        start();
      }
    }
    // Who reads slowly has the page stand still, for as long as he is on it.
    var pause = document.getElementById("pause");
    var label = pause.textContent;
    pause.hidden = false;
    pause.addEventListener("click", function () {
      isPaused = !isPaused;
      pause.textContent = isPaused ? pause.dataset.resume : label;
      announce(isPaused ? pause.dataset.paused : pause.dataset.resumed);
      look();
    });
    document.addEventListener("visibilitychange", look);
    document.addEventListener("focusout", function () { setTimeout(showHeldBack); });
    look();
  }

  // Shows what is told of these parts, until what it returns is called; begins again after it has asked for a while instead.
  function listen(asked, names, again) {
    var source = new EventSource(asked);
    var stopAsking = null;
    var known = {};
    function ask() {
      source.close();
      forget();
      stopAsking = stopAsking || poll(asked + "&once=1", names, again);
    }
    source.addEventListener("fragment", function (event) {
      var lines = event.data.split("\n");
      var name = lines.shift();
      known[name] = lines;
      tell(name, lines.join("\n"));
    });
    // Each change is from which line on how many make room for how many, and these.
    source.addEventListener("lines", function (event) {
      var told = event.data.split("\n");
      var name = told.shift();
      var lines = known[name];
      while (told.length) {
        var head = told.shift().split(" ").map(Number);
        lines.splice.apply(lines, [head[0], head[1]].concat(told.splice(0, head[2])));
      }
      tell(name, lines.join("\n"));
    });
    source.addEventListener("away", function (event) { lose([event.data]); });
    // Others of this browser listen instead.
    source.addEventListener("over", ask);
    source.onerror = function () {
      // A browser connects again by itself, unless it was refused: then there are too many, or the session is over.
      if (source.readyState === EventSource.CLOSED) {
        ask();
      } else {
        setTimeout(function () {
          if (source.readyState === EventSource.CONNECTING) {
            lose(names);
          }
        }, 5000);
      }
    };
    forget();
    return function () {
      source.close();
      forget();
      if (stopAsking) {
        stopAsking();
      }
    };
  }

  // What was held back is told anew, as it is then: it must not come over what was told since.
  function forget() {
    latest = {};
    isHeldBack = false;
  }

  // The parts that are not told any more.
  var lost = {};

  function lose(names) {
    names.forEach(function (name) { lost[name] = true; });
    stale();
  }

  function found(name) {
    delete lost[name];
    var line = document.getElementById("stale");
    if (line && Object.keys(lost).length === 0) {
      line.remove();
      document.getElementById("said").className = "hidden";
      announce(document.body.dataset.fresh);
    }
  }

  // What is not told any more must not look as if it were. It is said once, however often it is found out.
  function stale() {
    var part = document.querySelector("[data-offline]");
    if (!document.getElementById("stale")) {
      var line = element("span", part ? part.dataset.offline : document.body.dataset.stale);
      var said = document.getElementById("said");
      line.id = "stale";
      said.className = "notice bad";
      said.replaceChildren(line);
    }
    if (part) {
      // Whether the server is up is not known now.
      part.querySelector(".big").hidden = true;
    }
  }

  // Asks every ten seconds, for five minutes: places may have become free by then.
  function poll(url, names, again) {
    var asked = 0;
    var isOver = false;
    function stop() {
      isOver = true;
      clearInterval(timer);
    }
    function show(html) {
      if (!isOver) {
        names.forEach(found);
        tell("", html);
      }
    }
    var timer = setInterval(function () {
      if (++asked > 30) {
        stop();
        again();
        return;
      }
      fetch(url).then(function (answer) {
        if (answer.ok && !answer.redirected) {
          return answer.text().then(show);
        }
        if (isOver) {
          return null;
        }
        lose(names);
        if (answer.redirected || answer.status === 401 || answer.status === 403 || answer.status === 404) {
          stop();
        }
        return null;
      }).catch(function () {
        if (!isOver) {
          lose(names);
        }
      });
    }, 10000);
    return stop;
  }

  // --- copy

  // Without TLS a browser has no clipboard for scripts, but it copies what is selected.
  function copy(from) {
    if (navigator.clipboard) {
      return navigator.clipboard.writeText(from.textContent);
    }
    getSelection().selectAllChildren(from);
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("nothing was copied"));
  }

  function copies() {
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      var label = button.textContent;
      button.hidden = false;
      button.addEventListener("click", function () {
        copy(document.getElementById(button.dataset.copy)).then(function () {
          button.textContent = button.dataset.copied;
          setTimeout(function () { button.textContent = label; }, 2000);
        }, function () {
          // It stays selected, for who copies it by hand.
        });
      });
    });
  }

  // --- try: a search runs in the page, and shows how long it took, how much it found, and what

  function words(name) {
    return [].concat(name.prefix || [], name.given || [], name.family || []).join(" ");
  }

  function coded(concepts) {
    return [].concat(concepts || []).map(function (concept) {
      var coding = (concept.coding || []).find(function (each) { return each.display; }) || (concept.coding || [])[0];
      return concept.text || (coding && (coding.display || coding.code)) || "";
    }).filter(Boolean);
  }

  function told(resource) {
    var parts = [];
    if (typeof resource.name === "string") {
      parts.push(resource.name);
    } else if (Array.isArray(resource.name)) {
      parts.push(words(resource.name[0]));
    }
    (resource.qualification || []).forEach(function (each) { parts = parts.concat(coded(each.code)); });
    parts = parts.concat(coded(resource.code), coded(resource.specialty));
    var place = [].concat(resource.address || [])[0];
    if (place) {
      parts.push([place.postalCode, place.city].filter(Boolean).join(" "));
    }
    return parts.filter(Boolean).filter(function (part, at, all) { return all.indexOf(part) === at; }).slice(0, 5).join(" · ");
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  // One line is read out to who does not see: what was found, or why nothing was. The rest stands below it.
  function say(answer, text, isBad) {
    var line = document.getElementById("try-said");
    line.className = isBad ? "notice bad" : "";
    line.textContent = text;
    document.getElementById("try-found").replaceChildren.apply(document.getElementById("try-found"), Array.from(arguments).slice(3));
  }

  function sayOver(answer) {
    var link = element("a", answer.dataset.in);
    link.href = answer.dataset.login;
    say(answer, answer.dataset.over + " ", true);
    document.getElementById("try-said").append(link);
  }

  // Where reading takes a token, a link would lead to who has none.
  function show(answer, form, url, millis, bundle) {
    var isOpen = !document.getElementById("token");
    var isBundle = bundle.resourceType === "Bundle";
    var entries = isBundle ? (bundle.entry || []).filter(function (each) { return each.resource; }) : [{ resource: bundle }];
    var total = bundle.total === undefined ? entries.length : bundle.total;
    var head = answer.dataset.found.replace("{0}", total).replace("{1}", Math.round(millis));
    var list = document.createElement("ul");
    entries.slice(0, 20).forEach(function (each) {
      var item = document.createElement("li");
      var isThere = Boolean(each.resource.id);
      var path = each.resource.resourceType + (isThere ? "/" + each.resource.id : "");
      var link = element(isOpen && isThere ? "a" : "code", path);
      if (isOpen && isThere) {
        link.href = form.dataset.base + path + "?_format=json&_pretty=true";
      }
      item.append(element("strong", told(each.resource) || each.resource.resourceType), " ", link);
      list.append(item);
    });
    say(answer, entries.length ? head : answer.dataset.none, false, list, isOpen ? whole(answer, url) : json(answer, bundle));
  }

  function whole(answer, url) {
    var link = element("a", answer.dataset.more);
    link.href = url + (url.indexOf("?") < 0 ? "?" : "&") + "_format=json&_pretty=true";
    return link;
  }

  function json(answer, bundle) {
    var details = document.createElement("details");
    var text = document.createElement("pre");
    text.tabIndex = 0;
    text.append(element("code", JSON.stringify(bundle, null, 2)));
    details.append(element("summary", answer.dataset.json), text);
    return details;
  }

  function refuse(answer, status, outcome) {
    var said = ((outcome && outcome.issue) || []).map(function (issue) { return issue.diagnostics || ""; }).join(" ");
    say(answer, answer.dataset.failed.replace("{0}", status) + " " + said, true);
  }

  // What a page of ours found: for who is logged in, whose session FHIR itself does not take.
  function showPage(answer, url, html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var found = page.querySelector("section[aria-labelledby=found], section[aria-labelledby=content]");
    if (!found) {
      var refused = page.querySelector("main .notice.bad") || page.querySelector("main .note") || page.querySelector("main h1");
      say(answer, refused ? refused.textContent : answer.dataset.away, true);
      return;
    }
    found.querySelectorAll("nav, .copy").forEach(function (each) {
      if (each.previousElementSibling && each.previousElementSibling.tagName === "H3") {
        each.previousElementSibling.remove();
      }
      each.remove();
    });
    found.querySelectorAll("[id]").forEach(function (each) { each.removeAttribute("id"); });
    var title = found.querySelector("h2");
    title.remove();
    var link = element("a", answer.dataset.more);
    link.href = url;
    say.apply(null, [answer, title.textContent, false].concat(Array.from(found.childNodes), link));
  }

  // The page that answers a query; null: none of ours does.
  function pageOf(form, query) {
    var parts = query.split("?");
    var criteria = parts.slice(1).join("?");
    if (parts[0] === "$directory-search") {
      // What programs call a name is what people type.
      return form.dataset.people + "?" + criteria.replace(/(^|&)name=/, "$1q=");
    }
    if (/^[A-Z][A-Za-z]*\/[A-Za-z0-9.-]+$/.test(query)) {
      return form.dataset.pages + query;
    }
    return /^[A-Z][A-Za-z]*$/.test(parts[0]) ? form.dataset.pages + parts[0] + "?q=" + encodeURIComponent(criteria) : null;
  }

  function ask(form, answer, url, headers) {
    var begun = performance.now();
    return fetch(url, { headers: headers }).then(function (got) {
      return got.json().then(function (body) {
        if (got.ok) {
          show(answer, form, url, performance.now() - begun, body);
        } else {
          refuse(answer, got.status, body);
        }
      });
    });
  }

  function run(form, answer, query) {
    var token = document.getElementById("token");
    var page = form.dataset.pages ? pageOf(form, query) : null;
    var headers = { Accept: "application/fhir+json" };
    var asked;
    if (token && !token.value.trim()) {
      say(answer, answer.dataset.token, true);
      token.focus();
      return;
    }
    if (form.dataset.pages && !page) {
      // FHIR itself takes no session.
      say(answer, answer.dataset.nopage, true);
      return;
    }
    if (token) {
      headers.Authorization = "Bearer " + token.value.trim();
    }
    if (page) {
      asked = fetch(page, { headers: { Accept: "text/html" } }).then(function (got) {
        return got.redirected ? sayOver(answer) : got.text().then(function (html) { showPage(answer, page, html); });
      });
    } else {
      asked = ask(form, answer, form.dataset.base + query, headers);
    }
    asked.catch(function () { say(answer, answer.dataset.away, true); });
  }

  function tries() {
    var form = document.getElementById("try-form");
    if (!form) {
      return;
    }
    var answer = document.getElementById("try-answer");
    var input = document.getElementById("query");
    var token = document.getElementById("token");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      run(form, answer, input.value.replace(/^\/+/, ""));
    });
    if (token) {
      document.getElementById("try-token").hidden = false;
      document.getElementById("try-how").hidden = false;
      token.addEventListener("keydown", function (event) {
        if (event.key === "Enter") {
          form.requestSubmit();
        }
      });
      // A browser keeps the page for who goes back to it: neither the token nor what it opened is to be there.
      addEventListener("pagehide", function () {
        token.value = "";
        say(answer, "", false);
      });
    }
    document.querySelectorAll("[data-try]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) {
          return;
        }
        event.preventDefault();
        input.value = link.dataset.try;
        run(form, answer, link.dataset.try);
      });
    });
  }

  live();
  copies();
  tries();
})();
