package miroir.sync.daemon;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.MirroredResources;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.Register;
import miroir.storage.sync.SourceDefinition;
import miroir.sync.configuration.NamedKeys;
import miroir.sync.run.Leadership;
import miroir.sync.run.RunSettings;
import miroir.sync.run.RunSynchronisation;
import miroir.sync.upstream.Pace;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import org.bson.BsonDocument;

/** What runs are made of: the store, the register, and one {@link Upstream} for each source. */
public final class SyncParts {
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private final MirroredResources mirrored;
    private final Register register;
    private final Map<String, Upstream> upstreams = new ConcurrentHashMap<>();

    /** Those of the file, which stay as they are as long as this process runs. */
    private final Set<String> configured;

    private final Pace pace;
    private final NamedKeys keys;

    /** The others, as they were defined when they were known last; touched by whoever leads. */
    private final Map<String, SourceDefinition> defined = new HashMap<>();

    /** Why some of these cannot be asked. */
    private final Map<String, String> unusable = new ConcurrentHashMap<>();

    private final RunSettings settings;
    private final InstantSource clock;

    public SyncParts(
            MirroredResources mirrored,
            Register register,
            List<Source> sources,
            Pace pace,
            RunSettings settings,
            InstantSource clock) {
        this(mirrored, register, sources, NamedKeys.none(), pace, settings, clock);
    }

    /**
     * The parts.
     *
     * @param sources those of the file; others are in the register
     * @param keys that these others may have
     */
    public SyncParts(
            MirroredResources mirrored,
            Register register,
            List<Source> sources,
            NamedKeys keys,
            Pace pace,
            RunSettings settings,
            InstantSource clock) {
        this.mirrored = mirrored;
        this.register = register;
        this.keys = keys;
        this.pace = pace;
        this.settings = settings;
        this.clock = clock;
        this.configured = sources.stream().map(Source::name).collect(Collectors.toSet());
        sources.forEach(source -> upstreams.put(source.name(), new Upstream(source, pace)));
    }

    /** Takes note of the sources that people defined, and of how they are now; what runs at the moment ends with what it began with. */
    void know(List<KnownSource> registered) {
        Map<String, SourceDefinition> now = new HashMap<>();
        registered.stream()
                .map(KnownSource::definition)
                .filter(each -> !each.isFromFile() && !configured.contains(each.name()))
                .forEach(each -> now.put(each.name(), each));
        defined.keySet().stream().filter(name -> !now.containsKey(name)).forEach(name -> {
            upstreams.remove(name);
            unusable.remove(name);
        });
        now.forEach((name, definition) -> {
            if (!definition.equals(defined.get(name)) || unusable.containsKey(name)) {
                know(definition);
            }
        });
        defined.clear();
        defined.putAll(now);
    }

    /** One whose key is missing may have it later. */
    private void know(SourceDefinition definition) {
        try {
            upstreams.put(definition.name(), new Upstream(source(definition), pace));
            unusable.remove(definition.name());
        } catch (ConfigurationRefused e) {
            upstreams.remove(definition.name());
            unusable.put(definition.name(), e.reason());
        }
    }

    private Source source(SourceDefinition definition) {
        return Source.of(definition, keys.of(definition));
    }

    /** Why a source cannot be asked that is not there. */
    String whyMissing(String source) {
        return unusable.getOrDefault(source, "there is no source " + source + " in the configuration of who leads");
    }

    /** The same source for one call, which fails at once where it fails. */
    Upstream impatient(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new ConfigurationRefused(name, whyMissing(name));
        }
        Source source = upstream.source();
        return new Upstream(source.with(source.quota(), source.timeout(), Duration.ofMillis(1)), pace);
    }

    public Register register() {
        return register;
    }

    public MirroredResources mirrored() {
        return mirrored;
    }

    public InstantSource clock() {
        return clock;
    }

    public Map<String, Upstream> upstreams() {
        return Map.copyOf(upstreams);
    }

    public boolean hasSource(Definition definition) {
        return upstreams.containsKey(definition.source());
    }

    /** The same definitions; refuses types that the store does not have. */
    List<Definition> checked(List<Definition> definitions) {
        for (Definition definition : definitions) {
            if (!mirrored.serves(definition.type())) {
                throw new ConfigurationRefused(
                        "synchronisations",
                        definition.name() + " is of a type that is not served; add it to fhir.types, or MIROIR_TYPES");
            }
        }
        return List.copyOf(definitions);
    }

    /** Refuses to have copied what the store does not have. */
    void checked(Command command) {
        BsonDocument definition = command.definition();
        if (command.verb() == Command.Verb.DEFINE && definition != null) {
            checked(List.of(Definition.of(command.subject(), definition)));
        }
    }

    /** The source that a synchronisation is of. */
    public Upstream upstream(Definition definition) {
        Upstream upstream = upstreams.get(definition.source());
        if (upstream == null) {
            throw new IllegalArgumentException("there is no source " + definition.source());
        }
        return upstream;
    }

    /** Reads what comes from it. */
    public TolerantReader reader(Definition definition) {
        return new TolerantReader(READER, upstream(definition).oddities());
    }

    /** A run that has not begun. */
    public RunSynchronisation run(Definition definition, Leadership leadership, BooleanSupplier stopped) {
        return new RunSynchronisation(
                definition,
                upstream(definition),
                mirrored,
                reader(definition),
                register,
                leadership,
                settings,
                clock,
                stopped);
    }

    /** The sources of the file. */
    public List<SourceDefinition> sources() {
        return upstreams.values().stream()
                .map(Upstream::source)
                .filter(source -> configured.contains(source.name()))
                .map(Source::definition)
                .toList();
    }
}
