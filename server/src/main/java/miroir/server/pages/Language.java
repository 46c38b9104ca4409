package miroir.server.reports;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;

/** In which language pages speak: French, unless English is asked for or all that the browser's owner reads. */
enum Language {
    FR,
    EN;

    static final String PARAMETER = "lang";

    static Language of(Exchange exchange) {
        List<String> asked = exchange.query().stream()
                .filter(parameter -> parameter.name().equals(PARAMETER))
                .map(parameter -> parameter.value())
                .toList();
        return asked.isEmpty() ? preferred(exchange.request()) : named(asked.get(0));
    }

    private static Language named(String asked) {
        return switch (asked) {
            case "fr" -> FR;
            case "en" -> EN;
            default ->
                throw new Refusal(
                        Refusal.Reason.INVALID, "lang=" + Refusal.shown(asked) + " is not known; there are fr and en");
        };
    }

    /** Who says nothing gets French. */
    private static Language preferred(HttpServletRequest request) {
        if (request.getHeader("Accept-Language") == null) {
            return FR;
        }
        for (Locale locale : Collections.list(request.getLocales())) {
            if (locale.getLanguage().equals("fr")) {
                return FR;
            }
            if (locale.getLanguage().equals("en")) {
                return EN;
            }
        }
        return FR;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
