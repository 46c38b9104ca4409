package miroir.index.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** What is searched as files and stored SearchParameter resources say it. */
public final class ConfiguredSearch implements MakeSearch {
    private final Set<String> types;
    private final Supplier<List<ConfigurationText>> files;
    private final ExtractionSettings settings;
    private final boolean stored;
    private @Nullable Understood understood;
    private List<ConfigurationText> looked = List.of();

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

    /**
     * Files are asked for often and change rarely; what was understood once is not read again. Those that changed count when they were
     * the same twice: they may be in the middle of being written.
     */
    @Override
    public synchronized BsonDocument ours() {
        List<ConfigurationText> now = files.get();
        boolean isSettled = now.equals(looked);
        looked = now;
        Understood known = understood;
        if (known == null || (isSettled && !known.files().equals(now))) {
            RegistryLoader.load(types, now);
            known = new Understood(List.copyOf(now), new SearchDescription(now, settings, stored).toBson());
            understood = known;
        }
        return known.description();
    }

    @Override
    public SearchMade make(BsonDocument description, List<RawBsonDocument> parameters) {
        SearchDescription described = SearchDescription.of(description);
        LoadedRegistry loaded =
                RegistryLoader.load(types, described.files(), described.stored() ? parameters : List.of());
        return new SearchMade(
                loaded.registry(),
                new FieldExtractor(loaded.registry(), described.settings()),
                described.settings().zone(),
                described.settings().ownBases(),
                described.stored() && types.contains("SearchParameter"),
                remarks(described, loaded));
    }

    private List<String> remarks(SearchDescription described, LoadedRegistry loaded) {
        if (described.stored() == stored) {
            return loaded.remarks();
        }
        List<String> remarks = new ArrayList<>(loaded.remarks());
        remarks.add("search.storedParameters is " + stored + " here, and " + described.stored()
                + " in what is in force, which counts");
        return remarks;
    }
}
