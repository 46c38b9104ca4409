package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.Label;
import miroir.index.store.Labels;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.pipeline.Step;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * {@code $meta}: the meta of a resource or of a version; and of a type, or of all, the profiles, security labels and tags that
 * any of the resources has.
 */
final class MetaInteraction {
    private final ResourceStore store;
    private final Set<String> types;
    private final ReadInteraction read;
    private final BodyReader reader;
    private final ZoneId zone;
    private final SearchConfiguration settings;
    private final Room room;

    MetaInteraction(
            ResourceStore store,
            Set<String> types,
            ReadInteraction read,
            BodyReader reader,
            ZoneId zone,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.types = types;
        this.read = read;
        this.reader = reader;
        this.zone = zone;
        this.settings = settings;
        this.room = room;
    }

    Answer answer(FhirRequest request, byte[] body) {
        request.refuseParameters();
        if (body.length > 0) {
            room.forBody(request, body);
            OperationParameters.checkNone(reader.read(request, body), "$meta");
        }
        request.exchange().done(Step.PARSE);
        return request.key().id().isEmpty() ? ofTypes(request) : ofResource(request);
    }

    private Answer ofResource(FhirRequest request) {
        ResourceVersion.Live live = read.live(request);
        request.exchange().done(Step.STORE);
        return of(live);
    }

    /** That of this version. */
    static Answer of(ResourceVersion.Live live) {
        return answer(live.fhir().getDocument("meta")).about(live);
    }

    private Answer ofTypes(FhirRequest request) {
        Deadline deadline = request.deadline(settings.deadline());
        String type = request.key().type();
        Set<String> asked = type.isEmpty() ? types : Set.of(type);
        Labels labels = room.inTurn(
                request,
                store,
                deadline,
                () -> asked.stream()
                        .map(each -> store.labels(request.caller(), each, deadline))
                        .reduce(Labels.none(), MetaInteraction::union));
        request.exchange().done(Step.STORE);
        return answer(meta(labels));
    }

    private static Labels union(Labels some, Labels others) {
        Labels all = some.and(others);
        if (Stream.of(all.profiles(), all.security(), all.tags()).anyMatch(kind -> kind.size() > Labels.MOST)) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "all types together have more than " + Labels.MOST
                            + " different labels of one kind; [type]/$meta tells those of one type");
        }
        return all;
    }

    /** A meta may not be empty, so it says when it was so. */
    private BsonDocument meta(Labels labels) {
        BsonDocument meta = new BsonDocument("lastUpdated", OperationParameters.instant(Instant.now(), zone));
        BsonArray profiles = new BsonArray();
        labels.profiles().forEach(profile -> profiles.add(new BsonString(profile)));
        append(meta, "profile", profiles);
        append(meta, "security", codings(labels.security()));
        append(meta, "tag", codings(labels.tags()));
        return meta;
    }

    private static BsonArray codings(Collection<Label> labels) {
        BsonArray codings = new BsonArray();
        for (Label label : labels) {
            BsonDocument coding = new BsonDocument();
            if (!label.system().isEmpty()) {
                coding.append("system", new BsonString(label.system()));
            }
            codings.add(coding.append("code", new BsonString(label.code())));
        }
        return codings;
    }

    private static void append(BsonDocument meta, String name, BsonArray values) {
        if (!values.isEmpty()) {
            meta.append(name, values);
        }
    }

    private static Answer answer(BsonDocument meta) {
        return Answer.of(200, new Answer.OneResource(OperationParameters.returned("valueMeta", meta)));
    }
}
