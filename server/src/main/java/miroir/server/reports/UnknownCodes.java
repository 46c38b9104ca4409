package miroir.server.reports;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Words;
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
        return DirectoryResource.TYPES;
    }

    /** Looked at are those of which a code can be judged. */
    @Override
    public long look(Batch batch, Consumer<Finding> found) {
        CodeTables tables = batch.elsewhere().tables();
        return batch.active()
                .filter(each -> {
                    Judged judged = new Judged(tables);
                    judged.add(each.fhir());
                    judged.unknown.forEach(code -> found.accept(new Finding(each, code)));
                    return judged.some;
                })
                .count();
    }

    /** What is judged of a resource. */
    private static final class Judged {
        private final CodeTables tables;
        private final Set<String> unknown = new LinkedHashSet<>();
        private boolean some;

        Judged(CodeTables tables) {
            this.tables = tables;
        }

        /** A coding may stand anywhere, in extensions as well. */
        void add(BsonValue value) {
            if (value instanceof BsonArray array) {
                array.forEach(this::add);
            } else if (value instanceof BsonDocument document) {
                addCoding(text(document, "system"), text(document, "code"), document.containsKey("code"));
                document.values().forEach(this::add);
            }
        }

        private void addCoding(@Nullable String system, @Nullable String code, boolean hasCode) {
            some = some || (hasCode && tables.has(system));
            if (tables.lacks(system, code)) {
                unknown.add(system + "|" + code);
            }
        }
    }

    private static @Nullable String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value != null && value.isString() ? value.asString().getValue() : null;
    }
}
