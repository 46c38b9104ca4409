package miroir.server.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.load.Load;
import miroir.server.load.LoadRange;
import miroir.server.load.LoadSlot;
import miroir.server.load.LoadTally;
import miroir.server.load.LogHistogram;
import miroir.server.load.Share;
import miroir.server.pipeline.Exchange;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What was asked of this server lately, as its page shows it. */
public final class LoadActions {
    private static final String RANGE = "range";

    private final Load load;

    public LoadActions(Load load) {
        this.load = load;
    }

    AdminAnswer answer(Exchange exchange) {
        LoadRange range = range(exchange.query());
        return AdminAnswer.of(new BsonDocument(RANGE, new BsonString(range.code()))
                .append("since", new BsonString(load.since().toString()))
                .append("until", new BsonString(load.until().toString()))
                .append(
                        "pieces",
                        load.slots(range).stream().map(LoadActions::shown).collect(AdminAnswer.list())));
    }

    private static LoadRange range(List<QueryParameter> query) {
        if (query.isEmpty()) {
            return LoadRange.TEN_MINUTES;
        }
        QueryParameter only = query.get(0);
        if (query.size() > 1 || !only.name().equals(RANGE)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the parameter \""
                            + Refusal.shown(query.get(query.size() - 1).name()) + "\" means nothing here; allowed is "
                            + RANGE + ", once");
        }
        return LoadRange.find(only.value()).orElseThrow(() -> LoadRange.unknown(only.value()));
    }

    private static BsonDocument shown(LoadSlot slot) {
        LoadTally tally = slot.tally();
        return new BsonDocument("from", new BsonString(slot.from().toString()))
                .append("to", new BsonString(slot.to().toString()))
                .append("all", shown(tally.all()))
                .append("served", shown(tally.served()))
                .append("times", shown(tally.times()))
                .append("database", shown(tally.database()))
                .append("interactions", shown(tally.byInteraction()))
                .append("types", shown(tally.byType()))
                .append("heap", new BsonInt64(slot.heap()));
    }

    private static BsonDocument shown(Map<String, Share> shares) {
        BsonDocument shown = new BsonDocument();
        new TreeMap<>(shares).forEach((name, share) -> {
            if (!name.isEmpty()) {
                shown.append(name, shown(share));
            }
        });
        return shown;
    }

    private static BsonDocument shown(Share share) {
        return new BsonDocument("requests", new BsonInt64(share.requests()))
                .append("clientErrors", new BsonInt64(share.clientErrors()))
                .append("serverErrors", new BsonInt64(share.serverErrors()))
                .append("meanMillis", millis(share.mean()));
    }

    private static BsonDocument shown(LogHistogram times) {
        return new BsonDocument("count", new BsonInt64(times.count()))
                .append("p50Millis", millis(times.percentile(0.5)))
                .append("p95Millis", millis(times.percentile(0.95)))
                .append("p99Millis", millis(times.percentile(0.99)));
    }

    /** There is none of nothing. */
    private static BsonValue millis(double value) {
        return Double.isNaN(value) ? BsonNull.VALUE : new BsonDouble(Math.round(value * 1_000) / 1_000.0);
    }
}
