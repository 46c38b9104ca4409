package miroir.server.reports;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Codes of tables that are kept here whole, and do not have them. Codes of other systems are not judged. */
final class UnknownCodes implements Check {
    @Override
    public String code() {
        return "unknown-codes";
    }

    @Override
    public Words title() {
        return new Words("Codes hors de leurs tables", "Codes that their tables lack");
    }

    @Override
    public Words meaning() {
        return new Words(
                "Une ressource active porte un code que sa table, conservée ici en entier, ne contient pas.",
                "An active resource has a code that its table, which is kept here whole, does not have.");
    }

    @Override
    public Set<String> types() {
        return new TreeSet<>(Set.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device"));
    }

    /** Those of which a code can be judged. */
    @Override
    public long looksAt(Batch batch) {
        CodeTables tables = batch.elsewhere().tables();
        return batch.active().filter(each -> isJudged(each.fhir(), tables)).count();
    }

    private static boolean isJudged(BsonValue value, CodeTables tables) {
        if (value instanceof BsonArray array) {
            return array.stream().anyMatch(each -> isJudged(each, tables));
        }
        return value instanceof BsonDocument document
                && ((document.containsKey("code") && tables.has(text(document, "system")))
                        || document.values().stream().anyMatch(each -> isJudged(each, tables)));
    }

    @Override
    public void look(Batch batch, Consumer<Finding> found) {
        CodeTables tables = batch.elsewhere().tables();
        batch.active().forEach(each -> {
            Set<String> unknown = new LinkedHashSet<>();
            collect(each.fhir(), tables, unknown);
            unknown.forEach(code -> found.accept(new Finding(each, code)));
        });
    }

    /** A coding may stand anywhere, in extensions as well. */
    private static void collect(BsonValue value, CodeTables tables, Set<String> unknown) {
        if (value instanceof BsonArray array) {
            array.forEach(each -> collect(each, tables, unknown));
        } else if (value instanceof BsonDocument document) {
            String system = text(document, "system");
            String code = text(document, "code");
            if (tables.lacks(system, code)) {
                unknown.add(system + "|" + code);
            }
            document.values().forEach(each -> collect(each, tables, unknown));
        }
    }

    private static @Nullable String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value != null && value.isString() ? value.asString().getValue() : null;
    }
}
