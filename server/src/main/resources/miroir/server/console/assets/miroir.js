// What pages do beyond what they do without it: they stay as things are, copy, and try searches.
(function () {
  "use strict";

  // --- live: parts of the page as they are now

  function swap(html) {
    var holder = document.createElement("template");
    holder.innerHTML = html;
    Array.from(holder.content.children).forEach(function (next) {
      var old = document.getElementById(next.id);
      if (!old || old.isEqualNode(next)) {
        return;
      }
      var focused = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(next);
      var again = focused && document.getElementById(focused);
      if (again) {
        again.focus();
      }
    });
  }

  function live() {
    var parts = Array.from(document.querySelectorAll("[data-live]")).map(function (part) {
      return "of=" + encodeURIComponent(part.dataset.live);
    });
    if (parts.length === 0) {
      return;
    }
    var page = location.pathname.slice(document.body.dataset.events.length - "/admin/events".length) + location.search;
    var asked = document.body.dataset.events + "?page=" + encodeURIComponent(page) + "&" + parts.join("&");
    var source = new EventSource(asked);
    source.addEventListener("fragment", function (event) {
      swap(event.data.slice(event.data.indexOf("\n") + 1));
    });
    source.onerror = function () {
      // A browser connects again by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) {
        setInterval(function () {
          fetch(asked + "&once=1").then(function (answer) {
            return answer.ok ? answer.text().then(swap) : null;
          }).catch(function () { return null; });
        }, 10000);
      }
    };
  }

  // --- copy

  function copies() {
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      if (!navigator.clipboard) {
        return;
      }
      var label = button.textContent;
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(function () {
          button.textContent = button.dataset.copied;
          setTimeout(function () { button.textContent = label; }, 2000);
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

  function show(answer, base, url, millis, bundle) {
    var entries = (bundle.entry || []).filter(function (each) { return each.resource; });
    var total = bundle.total === undefined ? entries.length : bundle.total;
    var head = answer.dataset.found.replace("{0}", total).replace("{1}", Math.round(millis));
    var list = document.createElement("ul");
    entries.slice(0, 20).forEach(function (each) {
      var item = document.createElement("li");
      var link = element("a", each.resource.resourceType + "/" + each.resource.id);
      link.href = base + each.resource.resourceType + "/" + each.resource.id + "?_format=json&_pretty=true";
      item.append(element("strong", told(each.resource) || each.resource.resourceType), " ", link);
      list.append(item);
    });
    var whole = element("a", answer.dataset.more);
    whole.href = url;
    answer.replaceChildren(element("p", entries.length ? head : answer.dataset.none), list, whole);
  }

  function refuse(answer, status, outcome) {
    var said = ((outcome && outcome.issue) || []).map(function (issue) { return issue.diagnostics || ""; }).join(" ");
    var line = element("p", answer.dataset.failed.replace("{0}", status) + " " + said);
    line.className = "notice bad";
    answer.replaceChildren(line);
  }

  function tries() {
    var form = document.getElementById("try-form");
    if (!form) {
      return;
    }
    var answer = document.getElementById("try-answer");
    var input = document.getElementById("query");
    form.hidden = false;
    function run() {
      var url = form.dataset.base + input.value.replace(/^\/+/, "");
      var begun = performance.now();
      fetch(url, { headers: { Accept: "application/fhir+json" } }).then(function (got) {
        return got.json().then(function (body) {
          var millis = performance.now() - begun;
          if (got.ok) {
            show(answer, form.dataset.base, url + (url.indexOf("?") < 0 ? "?" : "&") + "_format=json&_pretty=true", millis, body);
          } else {
            refuse(answer, got.status, body);
          }
        });
      }).catch(function (failure) { refuse(answer, "", { issue: [{ diagnostics: String(failure) }] }); });
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      run();
    });
    document.querySelectorAll("[data-try]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) {
          return;
        }
        event.preventDefault();
        input.value = link.dataset.try;
        run();
      });
    });
  }

  live();
  copies();
  tries();
})();
