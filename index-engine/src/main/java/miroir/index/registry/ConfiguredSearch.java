package miroir.index.registry;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/** What is searched as files and stored SearchParameter resources say it. */
public final class ConfiguredSearch implements MakeSearch {
    private final Set<String> types;
    private final Supplier<List<ConfigurationText>> files;
    private final ExtractionSettings settings;
    private final boolean stored;
    private volatile Understood understood = new Understood(List.of(), new BsonDocument());

    /** Files that were understood, and their description. */
    private record Understood(List<ConfigurationText> files, BsonDocument description) {}

    /**
     * Of these types.
     *
     * @param files as they are at the moment of asking
     * @param stored whether stored SearchParameter resources count
     */
    public ConfiguredSearch(
            Set<String> types, Supplier<List<ConfigurationText>> files, ExtractionSettings settings, boolean stored) {
        this.types = types;
        this.files = files;
        this.settings = settings;
        this.stored = stored;
    }

    /** Files are asked for often and change rarely; what was understood once is not read again. */
    @Override
    public BsonDocument ours() {
        List<ConfigurationText> now = files.get();
        Understood known = understood;
        if (known.description().isEmpty() || !known.files().equals(now)) {
            RegistryLoader.load(types, now);
            known = new Understood(List.copyOf(now), new SearchDescription(now, settings, stored).toBson());
            understood = known;
        }
        return known.description();
    }

    @Override
    public SearchMade make(BsonDocument description, List<RawBsonDocument> parameters) {
        SearchDescription described = SearchDescription.of(description);
        LoadedSearch loaded =
                RegistryLoader.load(types, described.files(), described.stored() ? parameters : List.of());
        return new SearchMade(
                loaded.registry(),
                new FieldExtractor(loaded.registry(), described.settings()),
                described.settings().zone(),
                described.settings().ownBases(),
                described.stored() && types.contains("SearchParameter"),
                loaded.remarks());
    }
}
