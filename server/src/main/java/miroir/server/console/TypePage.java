package miroir.server.console;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search of a type.
 *
 * @param status of the answer
 * @param headers that say more of a refusal
 * @param label what people call the type; null: nothing else
 * @param parameters that can be chosen
 * @param asked criteria as they stand in a URL
 * @param request what was asked of FHIR
 * @param refusal why it was not answered; null: it was
 */
record TypePage(
        View view,
        int status,
        Map<String, String> headers,
        String type,
        @Nullable String label,
        List<Choice> parameters,
        String asked,
        String request,
        @Nullable String refusal,
        @Nullable Results results) {
    TypePage {
        headers = Map.copyOf(headers);
        parameters = List.copyOf(parameters);
    }

    /**
     * A search parameter.
     *
     * @param description in the language of the page, where there is one
     */
    record Choice(String code, String description) {}

    /**
     * What was found.
     *
     * @param total empty where it is not known
     * @param previous path of the page before; null: there is none
     * @param next the same of the one after
     */
    record Results(
            List<ResourceSummary> rows,
            List<String> remarks,
            String total,
            String took,
            @Nullable String previous,
            @Nullable String next) {
        Results {
            rows = List.copyOf(rows);
            remarks = List.copyOf(remarks);
        }
    }

    String title() {
        return label == null ? type : label;
    }
}
