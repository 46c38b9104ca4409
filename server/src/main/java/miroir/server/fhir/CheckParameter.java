package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import miroir.index.registry.CheckStored;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a SearchParameter that would be active and have no effect. What others of the same code there are is asked of the store: what is
 * searched at present may lack those that were written a moment ago.
 */
final class CheckParameter {
    private static final BsonString ACTIVE = new BsonString("active");
    private static final int MOST_CONCERNED = 50;

    private final ResourceStore store;
    private final SearchableParameters searchable;
    private final Duration patience;

    CheckParameter(ResourceStore store, SearchableParameters searchable, Duration patience) {
        this.store = store;
        this.searchable = searchable;
        this.patience = patience;
    }

    void run(Caller caller, ResourceKey key, BsonDocument fhir) {
        if (!ACTIVE.equals(fhir.get("status"))) {
            return;
        }
        try {
            check(caller, key, fhir);
        } catch (Refusal refused) {
            if (refused.reason() != Refusal.Reason.UNPROCESSABLE || !saysWhatItSaid(caller, key, fhir)) {
                throw refused;
            }
        }
    }

    private void check(Caller caller, ResourceKey key, BsonDocument fhir) {
        Optional<List<BsonDocument>> concerned =
                Optional.ofNullable(fhir.get("code")).flatMap(code -> concerned(caller, key, code, components(fhir)));
        if (concerned.isPresent()) {
            CheckStored.check(searchable.registry(), concerned.get(), fhir);
        } else {
            CheckStored.check(searchable.registry(), fhir);
        }
    }

    /** One that has no effect already may get a tag or another text. */
    private boolean saysWhatItSaid(Caller caller, ResourceKey key, BsonDocument fhir) {
        return store.read(caller, key)
                .filter(ResourceVersion.Live.class::isInstance)
                .map(live -> said(((ResourceVersion.Live) live).fhir()))
                .filter(said(fhir)::equals)
                .isPresent();
    }

    /** The URLs of what a composite is made of. */
    private static List<String> components(BsonDocument fhir) {
        List<String> urls = new ArrayList<>();
        if (fhir.get("component") instanceof BsonArray components) {
            for (BsonValue component : components) {
                if (component.isDocument() && component.asDocument().get("definition") instanceof BsonString url) {
                    urls.add(url.getValue());
                }
            }
        }
        return urls;
    }

    /** Those of the same code and the components; empty where they cannot be searched. */
    private Optional<List<BsonDocument>> concerned(
            Caller caller, ResourceKey key, BsonValue code, List<String> components) {
        SearchParameter byCode = usable("code", SearchParameterType.TOKEN);
        SearchParameter byStatus = usable("status", SearchParameterType.TOKEN);
        SearchParameter byUrl = usable("url", SearchParameterType.URI);
        if (byCode == null || byStatus == null) {
            return Optional.empty();
        }
        Condition ofCode = Condition.In.texts(
                byCode.field("value"), List.of(code.asString().getValue()));
        Condition ofCodeOrPart = byUrl == null || components.isEmpty()
                ? ofCode
                : new Condition.Or(List.of(ofCode, Condition.In.texts(byUrl.field(""), components)));
        Condition where = new Condition.And(List.of(
                ofCodeOrPart,
                Condition.In.texts(byStatus.field("value"), List.of(ACTIVE.getValue())),
                new Condition.Not(Condition.In.texts("_id", List.of(key.id())))));
        Deadline deadline = Deadline.in(patience);
        return Optional.of(store.lookUp(deadline, () -> read(caller.seeingEverything(), where, deadline)));
    }

    private @Nullable SearchParameter usable(String code, SearchParameterType type) {
        SearchParameter parameter = searchable.registry().find(CheckedParameters.TYPE, code);
        return parameter == null || parameter.searchType() != type || searchable.isPending(parameter)
                ? null
                : parameter;
    }

    private List<BsonDocument> read(Caller caller, Condition where, Deadline deadline) {
        List<BsonDocument> others = new ArrayList<>();
        PageQuery query =
                new PageQuery(CheckedParameters.TYPE, where, Order.BY_POSITION, null, MOST_CONCERNED, null, deadline);
        store.stamps(caller, query)
                .forEach(stamp -> store.readVersion(caller, stamp.key(), stamp.version())
                        .filter(ResourceVersion.Live.class::isInstance)
                        .map(live -> said(((ResourceVersion.Live) live).fhir()))
                        .ifPresent(others::add));
        return others;
    }

    /** What of it says what is searched: there may be many, and of any size. */
    private static BsonDocument said(BsonDocument fhir) {
        BsonDocument said = new BsonDocument();
        for (String element : CheckStored.ELEMENTS) {
            BsonValue value = fhir.get(element);
            if (value != null) {
                said.put(element, value);
            }
        }
        return said;
    }
}
