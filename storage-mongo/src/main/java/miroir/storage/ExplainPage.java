package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.store.Explanation;
import miroir.index.store.PageQuery;
import miroir.index.store.Scope;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * How a page is found: the page is searched as always, and each find that was made for it is made again, with MongoDB telling what
 * it does. Counts by which an index was chosen are left out; they are remembered for a minute.
 */
final class ExplainPage {
    private static final int MOST = 50;
    private static final List<String> INNER = List.of("inputStage", "inputStages", "queryPlan");

    private final SelectMatches selectMatches;

    ExplainPage(SelectMatches selectMatches) {
        this.selectMatches = selectMatches;
    }

    Explanation run(Condition condition, Scope seen, PageQuery query) {
        List<FindInOrder.Find> finds = new ArrayList<>();
        MatchQuery wanted = SelectPage.wanted(condition, seen, query).telling(find -> {
            if (finds.size() < MOST) {
                finds.add(find);
            }
        });
        try (Matches matches = selectMatches.run(wanted)) {
            matches.forEachRemaining(match -> {});
        }
        return new Explanation(finds.stream()
                .map(find -> Refusing.failures("explaining a search of " + query.type(), () -> step(find)))
                .toList());
    }

    private static Explanation.Step step(FindInOrder.Find find) {
        BsonDocument explained = find.explained();
        BsonDocument stats = part(explained, "executionStats");
        return new Explanation.Step(
                find.query().type(),
                DescribeCost.of(
                        new Walk(
                                find.source().filter(),
                                find.source().index(),
                                find.source().index().getFirstKey()),
                        find.query().where()),
                String.join(" < ", stages(part(explained, "winningPlan"))),
                number(stats, "totalKeysExamined"),
                number(stats, "totalDocsExamined"),
                number(stats, "nReturned"),
                number(stats, "executionTimeMillis"));
    }

    /** What stands under that name somewhere in what a find or a pipeline says of itself; empty where nothing does. */
    static BsonDocument part(BsonDocument explained, String name) {
        if (explained.isDocument(name)) {
            return explained.getDocument(name);
        }
        for (BsonValue value : explained.values()) {
            List<BsonValue> inner = value.isArray() ? value.asArray().getValues() : List.of(value);
            for (BsonValue each : inner) {
                if (each.isDocument()) {
                    BsonDocument found = part(each.asDocument(), name);
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return new BsonDocument();
    }

    /** The stages of a plan, outermost first, with the index where one is read. */
    private static List<String> stages(BsonDocument plan) {
        List<String> stages = new ArrayList<>();
        if (plan.isString("stage")) {
            String index = plan.isString("indexName")
                    ? " " + plan.getString("indexName").getValue()
                    : "";
            stages.add(plan.getString("stage").getValue() + index);
        }
        for (String name : INNER) {
            BsonValue inner = plan.get(name);
            if (inner != null) {
                List<BsonValue> each = inner.isArray() ? inner.asArray().getValues() : List.of(inner);
                each.forEach(stage -> stages.addAll(stages(stage.asDocument())));
            }
        }
        return stages;
    }

    private static long number(BsonDocument stats, String name) {
        return stats.isNumber(name) ? stats.getNumber(name).longValue() : 0;
    }
}
