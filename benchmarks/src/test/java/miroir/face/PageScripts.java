package miroir.face;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What is asked of a page by scripts. */
final class PageScripts {
    static final String AXE = resource("/axe.min.js");

    /** What axe finds, in words; nothing where all is well. */
    static final String VIOLATIONS = """
            var done = arguments[arguments.length - 1];
            axe.run(document, Object.assign({ resultTypes: ['violations'] }, arguments[0])).then(function (found) {
              done(found.violations.map(function (each) {
                return each.id + ': ' + each.help + ' at ' + each.nodes.map(function (node) { return node.target.join(' '); }).join('; ');
              }));
            });
            """;

    static final String FORMS =
            "return Array.from(document.querySelectorAll('form[action*=\"/admin/do/\"]')).map(function (form) { return form.action; });";

    static final String LINKS = """
            return Array.from(document.querySelectorAll("a[href]"))
              .filter(function (link) { return link.origin === location.origin; })
              .map(function (link) { return link.pathname + link.search; });
            """;

    /** Of what can have the focus, in the order of the page. */
    static final String WATCH = """
            window.controls = Array.from(document.querySelectorAll(
                "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"))
              .filter(function (each) { return !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }); });
            window.walked = [];
            window.unseen = [];
            if (document.activeElement) { document.activeElement.blur(); }
            document.addEventListener("focusin", function (event) {
              var style = getComputedStyle(event.target);
              if (window.walked.indexOf(event.target) < 0) { window.walked.push(event.target); }
              if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) { window.unseen.push(event.target); }
            });
            return window.controls.length;
            """;

    static final String WALKED = """
            function said(what) {
              return function (each) { return what + " " + each.tagName + "#" + each.id + " " + (each.textContent || each.name || "").trim().slice(0, 40); };
            }
            var missed = window.controls.filter(function (each) { return window.walked.indexOf(each) < 0; });
            var places = window.walked.map(function (each) { return window.controls.indexOf(each); }).filter(function (at) { return at >= 0; });
            var early = window.walked.filter(function (each, at) { return at > 0 && places[at] < places[at - 1]; });
            // Where a field has the focus from the beginning, the walk goes on at the top.
            var turns = places.length && places[0] > 0 ? 1 : 0;
            return missed.map(said("missed")).concat(window.unseen.map(said("unseen")), early.slice(turns).map(said("out of order")));
            """;

    /** What a page has, whether it is seen or not, but for what only scripts can do, and what somebody did meanwhile. */
    static final String OUTLINE = """
            return Array.from(document.querySelectorAll("main :is(h1, h2, h3, caption, thead th, label, summary, button, form, input, select, textarea)"))
              .filter(function (each) { return !each.closest("#try-form, #try-token, [data-copy], #notes tbody") && each.type !== "hidden"; })
              .map(function (each) {
                return each.nodeName + " " + (each.getAttribute("action") || each.getAttribute("name") || each.textContent.trim().replace(/[0-9]+ ms/, "ms"));
              });
            """;

    /** Unfolds all that is folded, and says whether there was something. */
    static final String UNFOLD = """
            var folded = Array.from(document.querySelectorAll("details:not([open])"));
            folded.forEach(function (each) { each.open = true; });
            return folded.length > 0;
            """;

    /** What somebody who comes because something went wrong opens first. */
    static final String OPEN_WHAT_IS_ASKED = """
            var asked = document.querySelector("#held-back") || document.querySelector("#rejected details");
            if (asked) { asked.open = true; }
            """;

    /**
     * Has a page stand still, and shows the same instead of what is another each time: instants and how long things took, as pages write them in French, and what is made up as an id. The button that has it stand still
     * stays as it was. Says how many days, without an hour, it moved.
     */
    static final String STILL = """
            var pause = document.getElementById("pause");
            if (pause && !pause.hidden) {
              var label = pause.textContent;
              pause.click();
              pause.textContent = label;
            }
            document.getElementById("said").textContent = "";
            var names = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
            var shown = Date.UTC(2026, 10, 30);
            // What is of the last weeks is as long ago as it was, from the day that is shown as today; what is older is of what is shown, and the same each time.
            function moved(day) {
              var now = new Date();
              var ago = Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - day) / 86400000);
              return new Date(ago < -1 || ago > 40 ? day : shown - ago * 86400000);
            }
            var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            var months = "(?:janv\\\\.|févr\\\\.|mars|avr\\\\.|mai|juin|juil\\\\.|août|sept\\\\.|oct\\\\.|nov\\\\.|déc\\\\.)";
            var instant = new RegExp("\\\\d{1,2}(\\\\s)" + months + "\\\\s\\\\d{4}((?:,| à)?\\\\s)\\\\d{2}:\\\\d{2}(?::\\\\d{2})?", "g");
            var french = new RegExp("(\\\\d{1,2})(\\\\s)(" + months.slice(3) + "(\\\\s)(\\\\d{4})(?!(?:,| à)?\\\\s\\\\d{2}:)", "g");
            var days = 0;
            function ofFrench(all, day, space, month, between, year) {
              days++;
              var to = moved(Date.UTC(+year, names.indexOf(month), +day));
              return to.getUTCDate() + space + names[to.getUTCMonth()] + between + to.getUTCFullYear();
            }
            while (walker.nextNode()) {
              var text = walker.currentNode;
              var still = text.data
                .replace(instant, "30$1nov. 2026$206:30")
                .replace(/\\d{2}\\/\\d{2}\\/\\d{4} \\d{2}:\\d{2}:\\d{2}/g, "30/11/2026 06:30:00")
                .replace(/\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z/g, "2026-11-30T05:30:00Z")
                .replace(/(ge|gt)2026-11-30T/g, "$12026-11-29T")
                .replace(french, ofFrench)
                .replace(/\\b(\\d{4})-(\\d{2})-(\\d{2})\\b(?!T)/g, function (all, year, month, day) {
                  return moved(Date.UTC(+year, +month - 1, +day)).toISOString().slice(0, 10);
                })
                .replace(/\\b\\d+ ms\\b/g, "12 ms")
                .replace(/^(\\s*)(< )?\\d{1,2} s(\\s*)$/, "$11 s$3")
                .replace(/\\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\\d)([0-9a-f]{16}|[0-9a-f]{12}|[0-9a-f]{8})\\b/g, function (id) {
                  return "0a1b2c3d4e5f6a7b".slice(0, id.length);
                })
                .replace(/(127\\.0\\.0\\.1|localhost):\\d{2,5}/g, "$1:8080");
              if (still !== text.data) { text.data = still; }
            }
            // An axis of hours ends when what is shown was.
            document.querySelectorAll("svg.chart").forEach(function (chart) {
              var hours = Array.from(chart.querySelectorAll("text")).filter(function (each) { return /^\\d{2}:\\d{2}$/.test(each.textContent); });
              function minutes(each) { return each.textContent.slice(0, 2) * 60 + +each.textContent.slice(3); }
              var last = hours.length ? minutes(hours[hours.length - 1]) : 0;
              hours.map(minutes).forEach(function (at, i) {
                var to = (at - last + 390 + 1440) % 1440;
                hours[i].textContent = String(Math.floor(to / 60)).padStart(2, "0") + ":" + String(to % 60).padStart(2, "0");
              });
            });
            document.querySelectorAll(".phase rect").forEach(function (bar, at) {
              bar.setAttribute("x", at * 40);
              bar.setAttribute("width", 40);
            });
            return days;
            """;

    private PageScripts() {}

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(PageScripts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
