package miroir.server.pages;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;

/** In which language pages speak: French, unless English is asked for, was asked for before, or is all that the browser's owner reads. */
public enum Language {
    FR,
    EN;

    /** The parameter that asks for one. */
    public static final String PARAMETER = "lang";

    /** The cookie by which a browser knows which was asked for last. */
    public static final String COOKIE = "miroir_lang";

    /** The one of a request. */
    public static Language of(Exchange exchange) {
        List<String> asked = exchange.query().stream()
                .filter(parameter -> parameter.name().equals(PARAMETER))
                .map(parameter -> parameter.value())
                .toList();
        return asked.isEmpty() ? preferred(exchange.request()) : named(asked.get(0));
    }

    /** The same where what is asked for may be none. */
    public static Language asPossible(Exchange exchange) {
        try {
            return of(exchange);
        } catch (Refusal unknown) {
            return preferred(exchange.request());
        }
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
        Cookie[] cookies = request.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            if (cookie.getName().equals(COOKIE)
                    && (cookie.getValue().equals("fr") || cookie.getValue().equals("en"))) {
                return named(cookie.getValue());
            }
        }
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

    /** As HTML and HTTP have it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By whose customs numbers and dates are written. */
    public Locale locale() {
        return this == FR ? Locale.FRANCE : Locale.UK;
    }

    /** The one that this is not. */
    public Language other() {
        return this == FR ? EN : FR;
    }
}
