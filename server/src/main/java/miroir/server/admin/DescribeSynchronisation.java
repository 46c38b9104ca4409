package miroir.server.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Held;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.KnownSource.Trial;
import miroir.storage.sync.Run;
import miroir.storage.sync.SourceDefinition;
import miroir.storage.sync.Synchronisation;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** Sources, synchronisations and runs as programs read them. */
final class DescribeSynchronisation {
    private DescribeSynchronisation() {}

    /** A name as it stands in paths. */
    static String dotted(String name) {
        return name.replace('/', '.');
    }

    static BsonDocument source(KnownSource known) {
        SourceDefinition source = known.definition();
        BsonDocument shown = new BsonDocument("name", new BsonString(source.name()))
                .append("version", new BsonInt64(source.version()))
                .append("origin", new BsonString(source.origin()))
                .append("url", new BsonString(source.base().toString()))
                .append("header", new BsonString(source.header()))
                .append("key", new BsonString(source.key()))
                .append("quota", new BsonDouble(source.quota()))
                .append("timeout", length(source.timeout()))
                .append("pageSize", new BsonInt64(source.pageSize()))
                .append("proxy", new BsonString(source.proxy()))
                .append("patience", length(source.patience()))
                .append("formerly", new BsonString(source.formerly()));
        Trial tried = known.tried();
        return tried == null ? shown : shown.append("tried", tried(tried));
    }

    private static BsonDocument tried(Trial tried) {
        BsonDocument shown = new BsonDocument("at", new BsonString(tried.at().toString()))
                .append("answered", BsonBoolean.valueOf(tried.isGood()))
                .append("type", new BsonString(tried.type()));
        return tried.isGood()
                ? shown.append("total", new BsonInt64(tried.total()))
                        .append("millis", new BsonInt64(tried.length().toMillis()))
                : shown.append("failure", new BsonString(tried.failure()));
    }

    static BsonDocument synchronisation(Synchronisation each, @Nullable Run run, Instant now) {
        Definition definition = each.definition();
        BsonDocument shown = new BsonDocument("name", new BsonString(dotted(each.name())))
                .append("version", new BsonInt64(definition.version()))
                .append("origin", new BsonString(each.isFromFile() ? Synchronisation.FILE : Synchronisation.CONSOLE))
                .append("source", new BsonString(definition.source()))
                .append("type", new BsonString(definition.type()))
                .append("filter", new BsonString(definition.filter()))
                .append("schedule", new BsonString(Written.schedule(definition.schedule())))
                .append("fullEvery", length(definition.fullEvery()))
                .append("overlap", length(definition.overlap()))
                .append("guard", share(definition.guard()))
                .append("rejects", share(definition.rejects()))
                .append("priority", new BsonInt64(definition.priority()))
                .append("state", new BsonString(each.state().name()))
                .append("late", BsonBoolean.valueOf(each.isLate(now)));
        put(shown, "cause", each.cause());
        put(shown, "asOf", each.mark());
        put(shown, "lastFull", each.lastFull());
        put(shown, "lastStart", each.lastStart());
        put(shown, "completed", each.completed());
        Held held = each.held();
        if (held != null) {
            shown.append("held", new BsonString(held.cause()));
        }
        return run == null ? shown : shown.append("run", run(run));
    }

    static BsonDocument run(Run run) {
        BsonDocument counts = new BsonDocument();
        for (Map.Entry<String, Long> each : run.counts().byName().entrySet()) {
            counts.append(each.getKey(), new BsonInt64(each.getValue()));
        }
        BsonDocument shown = new BsonDocument("id", new BsonString(run.id()))
                .append("full", BsonBoolean.valueOf(run.full()))
                .append("reason", new BsonString(run.reason()))
                .append("phase", new BsonString(word(run.phase())))
                .append("end", new BsonString(word(run.end())))
                .append("began", new BsonString(run.began().toString()))
                .append("total", new BsonInt64(run.total()))
                .append("counts", counts);
        put(shown, "ended", run.ended());
        put(shown, "cause", run.cause());
        Run.Shown progress = run.shown();
        return progress == null
                ? shown
                : shown.append("read", new BsonInt64(progress.read())).append("rate", new BsonDouble(progress.rate()));
    }

    static BsonArray phases(Run run) {
        return run.phases().stream()
                .map(each -> new BsonDocument("phase", new BsonString(word(each.phase())))
                        .append("at", new BsonString(each.at().toString())))
                .collect(AdminAnswer.list());
    }

    static BsonArray rejections(Run run) {
        return run.rejections().stream()
                .map(each -> new BsonDocument("id", new BsonString(each.id()))
                        .append("reason", new BsonString(each.reason()))
                        .append("payload", new BsonString(each.payload())))
                .collect(AdminAnswer.list());
    }

    static BsonArray log(Run run) {
        return run.log().stream()
                .map(each -> new BsonDocument("at", new BsonString(each.at().toString()))
                        .append("warning", BsonBoolean.valueOf(each.isWarning()))
                        .append("text", new BsonString(each.text())))
                .collect(AdminAnswer.list());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void put(BsonDocument shown, String field, @Nullable Object value) {
        if (value != null) {
            shown.append(field, new BsonString(value.toString()));
        }
    }

    private static BsonString share(double share) {
        return new BsonString(Written.share(share));
    }

    private static BsonString length(Duration length) {
        return new BsonString(Written.length(length));
    }
}
