package miroir.server.console;

import java.util.List;
import miroir.index.search.QueryParameter;
import org.jspecify.annotations.Nullable;

/**
 * Who was found.
 *
 * @param total how many, on all pages; null: more than are ranked as a whole
 * @param understood how the question was read
 * @param others how else it could be
 * @param tried how many ways to read it were tried
 * @param remarks on what may be missing, in English
 * @param request what was asked of the API
 * @param previous the page before this one; null: there is none
 * @param next the page after it; null: there is none
 * @param fuzzy the same question with typing errors; null: it has them already, or somebody was found
 */
record PeopleFound(
        List<PersonRow> people,
        @Nullable Long total,
        long millis,
        List<QueryParameter> understood,
        List<Other> others,
        int tried,
        List<String> remarks,
        String request,
        @Nullable String previous,
        @Nullable String next,
        @Nullable String fuzzy) {
    PeopleFound {
        people = List.copyOf(people);
        understood = List.copyOf(understood);
        others = List.copyOf(others);
        remarks = List.copyOf(remarks);
    }

    /** Another way to read what was typed, and where that leads. */
    record Other(String query, List<QueryParameter> parts) {
        Other {
            parts = List.copyOf(parts);
        }
    }

    /** What was found, in words. */
    String count(View view) {
        if (people.isEmpty()) {
            return view.say("people.none", view.number(millis));
        }
        return total == null
                ? view.say("people.many", view.number(millis))
                : view.count("people.found", total) + view.say("people.in", view.number(millis));
    }

    /** A way to read it, in words. */
    static String said(View view, List<QueryParameter> parts) {
        StringBuilder said = new StringBuilder();
        for (QueryParameter part : parts) {
            said.append(said.isEmpty() ? "" : " · ")
                    .append(view.say("people." + part.name()))
                    .append(' ')
                    .append(view.say("people.quoted", part.value()));
        }
        return said.toString();
    }

    /** The request as a browser shows its answer. */
    String shown() {
        return request + (request.contains("?") ? "&" : "?") + "_format=json&_pretty=true";
    }
}
