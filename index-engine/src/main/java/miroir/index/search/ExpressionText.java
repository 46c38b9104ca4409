package miroir.index.search;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.index.value.DateInterval;
import org.jspecify.annotations.Nullable;

/** Says in a line for people what a query was understood to ask. */
public final class ExpressionText {
    private ExpressionText() {}

    /** Such as {@code family starts with "mar" and gender is male or other}. */
    public static String of(SearchExpression expression) {
        if (expression instanceof SearchExpression.And and) {
            return and.parts().isEmpty() ? "everything" : joined(and.parts(), " and ");
        }
        if (expression instanceof SearchExpression.Or or) {
            return or.parts().isEmpty() ? "nothing" : joined(or.parts(), " or ");
        }
        if (expression instanceof SearchExpression.Not not) {
            return "not (" + of(not.part()) + ")";
        }
        if (expression instanceof SearchExpression.Missing missing) {
            return missing.parameter().code() + (missing.missing() ? " is missing" : " is there");
        }
        if (expression instanceof SearchExpression.Id id) {
            return "_id is " + id.id();
        }
        return ofValue(expression);
    }

    private static String ofValue(SearchExpression expression) {
        if (expression instanceof SearchExpression.Token token) {
            return token.parameter().code() + " is " + token(token.system(), token.code());
        }
        if (expression instanceof SearchExpression.AmongCodes among) {
            return among.parameter().code() + " is among " + among.name() + " ("
                    + among.codes().size() + " codes)";
        }
        if (expression instanceof SearchExpression.TypedIdentifier typed) {
            return typed.parameter().code() + " is " + typed.value() + " of type "
                    + token(typed.system(), typed.code());
        }
        if (expression instanceof SearchExpression.TokenText text) {
            return text.parameter().code() + " reads \"" + text.text() + "…\"";
        }
        if (expression instanceof SearchExpression.Text text) {
            return text.parameter().code() + " " + words(text.match().name()) + " \"" + text.text() + "\"";
        }
        if (expression instanceof SearchExpression.Uri uri) {
            return uri.parameter().code() + " " + words(uri.match().name()) + " " + uri.uri();
        }
        return ofReferenceOrDate(expression);
    }

    private static String ofReferenceOrDate(SearchExpression expression) {
        if (expression instanceof SearchExpression.LocalReference reference) {
            String type = reference.type() == null ? "" : reference.type() + "/";
            return reference.parameter().code() + " refers to " + type + reference.id();
        }
        if (expression instanceof SearchExpression.ForeignReference reference) {
            return reference.parameter().code() + " refers to " + reference.url();
        }
        if (expression instanceof SearchExpression.IdentifiedReference reference) {
            return reference.parameter().code() + " identifies " + token(reference.system(), reference.value());
        }
        if (expression instanceof SearchExpression.Date date) {
            return date.parameter().code() + " " + date(date.prefix(), date.interval());
        }
        if (expression instanceof SearchExpression.Quantity quantity) {
            return quantity.parameter().code() + " " + quantity.prefix().code() + " "
                    + quantity.number().value().toPlainString() + unit(quantity);
        }
        if (expression instanceof SearchExpression.Chain chain) {
            return chain.reference().code() + " refers to a " + chain.type() + " of which " + of(chain.of());
        }
        if (expression instanceof SearchExpression.Has has) {
            return "a " + has.reference().type() + " refers to it as "
                    + has.reference().code() + " and " + of(has.of());
        }
        if (expression instanceof SearchExpression.Composite composite) {
            return composite.parameter().code() + " has at once " + joined(composite.parts(), ", ");
        }
        if (expression instanceof SearchExpression.LastUpdated updated) {
            return "_lastUpdated " + date(updated.prefix(), updated.interval());
        }
        return String.valueOf(expression);
    }

    private static String unit(SearchExpression.Quantity quantity) {
        String unit = token(quantity.system(), quantity.code());
        return unit.isEmpty() ? "" : " " + unit;
    }

    private static String date(Prefix prefix, DateInterval interval) {
        return prefix.code() + " [" + Instant.ofEpochMilli(interval.start()) + ", "
                + Instant.ofEpochMilli(interval.end()) + "]";
    }

    private static String token(@Nullable String system, @Nullable String code) {
        return (system == null ? "" : system + "|") + (code == null ? "" : code);
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String joined(List<SearchExpression> parts, String separator) {
        return parts.stream()
                .map(part -> part instanceof SearchExpression.Or && parts.size() > 1 ? "(" + of(part) + ")" : of(part))
                .collect(Collectors.joining(separator));
    }
}
