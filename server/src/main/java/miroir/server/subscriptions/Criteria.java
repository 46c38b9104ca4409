package miroir.server.subscriptions;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;

/** Reads what a subscription is about, as a search of this server is read. */
final class Criteria {
    /** Labels are for who reads an answer. */
    private static final String DISPLAY = "_display";

    private Criteria() {}

    /** Which resources of its type are meant; refused as something that cannot be processed, with what is wrong. */
    static Condition of(Subscribed subscribed, SearchParser parser, Set<String> types) {
        if (!types.contains(subscribed.type())) {
            throw refused("\"" + Refusal.shown(subscribed.type())
                    + "\" is none of the types that are served here; allowed is "
                    + "a type, such as Organization, and a search of it behind a question mark");
        }
        try {
            List<QueryParameter> query = QueryParameter.decode(subscribed.query());
            query.forEach(QueryParameter::check);
            query.forEach(Criteria::requireCriterion);
            Instant now = Instant.now();
            Condition where = where(subscribed, parser, query, now);
            if (!where.equals(where(subscribed, parser, query, now.plus(Duration.ofDays(1))))) {
                throw refused("the prefix ap means something else at every moment; allowed are the other prefixes");
            }
            if (where.isLinked() && subscribed.leaving()) {
                throw refused(
                        "whether something met chains or _has before cannot be known, so with them nobody is told that "
                                + "it does not any more; allowed are they, or " + ReadSubscription.LEAVING);
            }
            return where;
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.NOT_READY) {
                throw refused;
            }
            throw refused(String.valueOf(refused.getMessage()));
        }
    }

    private static Condition where(
            Subscribed subscribed, SearchParser parser, List<QueryParameter> query, Instant now) {
        return parser.parse(subscribed.type(), query, Handling.STRICT, now).where();
    }

    private static void requireCriterion(QueryParameter parameter) {
        if (parameter.isAboutTheAnswer() || parameter.name().split(":", 2)[0].equals(DISPLAY)) {
            throw refused("\"" + Refusal.shown(parameter.name()) + "\" says nothing of which resources are meant");
        }
    }

    private static Refusal refused(String sentence) {
        return new Refusal(
                Refusal.Reason.UNPROCESSABLE,
                sentence.startsWith("criteria: ") ? sentence : "criteria: " + sentence,
                Subscribed.TYPE + ".criteria");
    }
}
