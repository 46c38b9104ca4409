package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.Token;

/**
 * Tokens of one parameter, any of which may match.
 *
 * <p>There is an index on codes and none on systems with codes, so a code is always asked for, even where
 * {@code -sysval} alone would decide: the code finds, the system is checked on what was found.
 */
final class TokenConditions {
    private TokenConditions() {}

    /** The parts of an or: at most one that is led by codes, and one for systems without a code. */
    static List<Condition> anyOf(SearchParameter parameter, List<Token> tokens) {
        List<String> codes = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        List<String> pairs = new ArrayList<>();
        List<String> systems = new ArrayList<>();
        for (Token token : tokens) {
            if (token.code() == null) {
                systems.add(String.valueOf(token.system()));
                continue;
            }
            codes.add(token.code());
            if (token.system() == null) {
                bare.add(token.code());
            } else {
                pairs.add(token.system() + "|" + token.code());
            }
        }
        List<Condition> parts = new ArrayList<>();
        if (!codes.isEmpty()) {
            parts.add(byCode(parameter, codes, bare, pairs));
        }
        if (!systems.isEmpty()) {
            parts.add(Condition.In.texts(parameter.field("system"), systems));
        }
        return parts;
    }

    private static Condition byCode(
            SearchParameter parameter, List<String> codes, List<String> bare, List<String> pairs) {
        Condition found = Condition.In.texts(parameter.field("value"), codes);
        if (pairs.isEmpty()) {
            return found;
        }
        Condition checked = Condition.In.texts(parameter.field("sysval"), pairs);
        if (bare.isEmpty()) {
            return new Condition.And(List.of(found, checked));
        }
        Condition either = new Condition.Or(List.of(Condition.In.texts(parameter.field("value"), bare), checked));
        return new Condition.And(List.of(found, either));
    }
}
