package miroir.index.extract;

import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** One field without suffix: the uri, and of a canonical also its url. */
final class UriFields implements ParameterFields {
    private final FieldPlan plan;
    private final Texts uris = new Texts();

    UriFields(FieldPlan plan) {
        this.plan = plan;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        if (capture.dataType().equals("canonical")) {
            CanonicalText.addTo(uris, value.text());
        } else {
            uris.add(value.text());
        }
    }

    @Override
    public void write(BsonDocument fields) {
        uris.writeMain(fields, plan.base(), plan.many() || uris.all().size() > 1);
        if (plan.sortable()) {
            SortBounds<String> bounds = new SortBounds<>();
            uris.all().forEach(uri -> bounds.add(SortBounds.key(uri)));
            bounds.write(fields, plan, BsonString::new);
        }
    }
}
