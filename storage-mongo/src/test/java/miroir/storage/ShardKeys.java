package miroir.storage;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a store sends against the shard keys of docs/operations/sharding.md: what a router of MongoDB would refuse, and to how many shards it would send the rest. The key of all that is
 * sharded is {@code _id}, in ranges; what is named {@code miroir_} is not sharded.
 */
final class ShardKeys implements CommandListener {
    private static final String KEY = "_id";

    /** Which say nothing of single documents. */
    private static final Set<String> OF_COLLECTIONS =
            Set.of("getMore", "killCursors", "create", "listIndexes", "dropIndexes", "createIndexes");

    /** What would have to be a single collection, or on one shard. */
    private static final Set<String> STAGES_REFUSED = Set.of("$lookup", "$graphLookup", "$unionWith", "$out");

    private final String database;
    private final List<String> refused = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();

    /** How many shards know the answer, or do it. */
    enum Reach {
        ONE,
        SOME,
        ALL
    }

    /** A command to what is sharded, or one of several in it. */
    record Sent(String command, String collection, Reach reach) {
        @Override
        public String toString() {
            return command + " " + collection + " " + reach;
        }
    }

    ShardKeys(String database) {
        this.database = database;
    }

    /** What a router would not do. */
    synchronized List<String> refused() {
        return List.copyOf(refused);
    }

    /** What was sent meanwhile to what is sharded, each once. */
    List<String> during(Runnable work) {
        forget();
        work.run();
        return told();
    }

    private synchronized void forget() {
        sent.clear();
    }

    private synchronized List<String> told() {
        return sent.stream().map(Sent::toString).distinct().toList();
    }

    @Override
    public synchronized void commandStarted(CommandStartedEvent event) {
        if (event.getDatabaseName().equals(database)) {
            look(event.getCommandName(), event.getCommand());
        }
    }

    private void look(String name, BsonDocument command) {
        BsonValue of = command.get(name);
        String collection = of != null && of.isString() ? of.asString().getValue() : "";
        if (name.equals("aggregate")) {
            lookAtStages(collection, command);
        } else if (isSharded(collection) && !OF_COLLECTIONS.contains(name)) {
            switch (name) {
                case "find" -> add(name, collection, reach(command.getDocument("filter", new BsonDocument())));
                case "count" -> add(name, collection, reach(command.getDocument("query", new BsonDocument())));
                case "insert" -> documents(command, "documents").forEach(each -> lookAtInsert(collection, each));
                case "update" -> documents(command, "updates").forEach(each -> lookAtUpdate(collection, each));
                case "delete" -> documents(command, "deletes").forEach(each -> lookAtDelete(collection, each));
                default -> refuse("nobody has said how a router does this", name, collection, command);
            }
        }
    }

    private static boolean isSharded(String collection) {
        return !collection.isEmpty() && !collection.startsWith("miroir_") && !collection.contains(".");
    }

    private static Stream<BsonDocument> documents(BsonDocument command, String name) {
        return command.getArray(name).stream().map(BsonValue::asDocument);
    }

    private void add(String command, String collection, Reach reach) {
        sent.add(new Sent(command, collection, reach));
    }

    private void refuse(String why, String command, String collection, BsonDocument what) {
        String json = what.toJson();
        refused.add(why + ": " + command + " " + collection + " " + json.substring(0, Math.min(json.length(), 1_000)));
    }

    private void lookAtInsert(String collection, BsonDocument document) {
        if (document.containsKey(KEY)) {
            add("insert", collection, Reach.ONE);
        } else {
            refuse("without a key", "insert", collection, document);
        }
    }

    private void lookAtUpdate(String collection, BsonDocument update) {
        lookAtWrite(
                "update", collection, update.getDocument("q"), isTrue(update, "multi") && !isTrue(update, "upsert"));
    }

    private static boolean isTrue(BsonDocument document, String name) {
        return document.getBoolean(name, BsonBoolean.FALSE).getValue();
    }

    private void lookAtDelete(String collection, BsonDocument delete) {
        boolean isOfMany = delete.getNumber("limit", new BsonInt32(0)).intValue() == 0;
        lookAtWrite("delete", collection, delete.getDocument("q"), isOfMany);
    }

    private void lookAtWrite(String command, String collection, BsonDocument filter, boolean isOfMany) {
        Reach reach = reach(filter);
        add(command, collection, reach);
        if (reach != Reach.ONE && !isOfMany) {
            refuse("of one document without its key", command, collection, filter);
        }
    }

    private void lookAtStages(String collection, BsonDocument command) {
        List<BsonDocument> stages = documents(command, "pipeline").toList();
        for (BsonDocument stage : stages) {
            String name = stage.getFirstKey();
            if (STAGES_REFUSED.contains(name)) {
                refuse("a stage that wants one collection", name, collection, stage);
            } else if (name.equals("$merge")) {
                lookAtMerge(stage.getDocument(name), stages.get(0));
            }
        }
        if (isSharded(collection)) {
            BsonDocument first = stages.isEmpty() ? new BsonDocument() : stages.get(0);
            add("aggregate", collection, reach(first.getDocument("$match", new BsonDocument())));
        }
    }

    /** By the key, which is what it does where nothing is said; and what is merged has one. */
    private void lookAtMerge(BsonDocument merge, BsonDocument first) {
        String into = merge.getString("into").getValue();
        BsonValue on = merge.get("on", new BsonString(KEY));
        boolean isByKey = on.equals(new BsonString(KEY)) || on.equals(new BsonArray(List.of(new BsonString(KEY))));
        boolean haveKeys = literals(first.get("$documents"))
                .allMatch(each -> each.asDocument().containsKey(KEY));
        if (isSharded(into)) {
            add("merge", into, Reach.ONE);
            if (!isByKey || !haveKeys) {
                refuse("not by the key", "$merge", into, merge);
            }
        }
    }

    /** Documents that stand somewhere in a choice of what is to be inserted. */
    private static Stream<BsonValue> literals(@Nullable BsonValue value) {
        if (value == null) {
            return Stream.empty();
        }
        if (value.isArray()) {
            return value.asArray().stream().flatMap(ShardKeys::literals);
        }
        if (!value.isDocument()) {
            return Stream.empty();
        }
        BsonValue literal = value.asDocument().get("$literal");
        return literal != null && literal.isArray()
                ? literal.asArray().stream()
                : value.asDocument().values().stream().flatMap(ShardKeys::literals);
    }

    private static Reach reach(BsonDocument filter) {
        List<BsonValue> said = said(filter).toList();
        if (said.stream().anyMatch(each -> operator(each, "$eq").isPresent() || !isOperators(each))) {
            return Reach.ONE;
        }
        boolean isBounded = (any(said, "$gt") || any(said, "$gte")) && (any(said, "$lt") || any(said, "$lte"));
        return isBounded || any(said, "$in") ? Reach.SOME : Reach.ALL;
    }

    /** All that has to be so of the key. */
    private static Stream<BsonValue> said(BsonDocument filter) {
        Stream<BsonValue> here = Stream.ofNullable(filter.get(KEY));
        Stream<BsonValue> besides =
                filter.containsKey("$and") ? documents(filter, "$and").flatMap(ShardKeys::said) : Stream.empty();
        return Stream.concat(here, besides);
    }

    private static boolean any(List<BsonValue> said, String operator) {
        return said.stream().anyMatch(each -> operator(each, operator).isPresent());
    }

    private static Optional<BsonValue> operator(BsonValue said, String name) {
        return isOperators(said) ? Optional.ofNullable(said.asDocument().get(name)) : Optional.empty();
    }

    private static boolean isOperators(BsonValue said) {
        return said.isRegularExpression()
                || (said.isDocument()
                        && !said.asDocument().isEmpty()
                        && said.asDocument().getFirstKey().startsWith("$"));
    }
}
