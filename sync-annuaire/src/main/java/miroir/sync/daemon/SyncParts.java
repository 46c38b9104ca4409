package miroir.sync.daemon;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.MirroredResources;
import miroir.sync.run.Leadership;
import miroir.sync.run.RunSettings;
import miroir.sync.run.RunSynchronisation;
import miroir.sync.state.Definition;
import miroir.sync.state.Register;
import miroir.sync.upstream.Pace;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;

/** What runs are made of: the store, the register, and one {@link Upstream} for each source. */
public final class SyncParts {
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private final MirroredResources mirrored;
    private final Register register;
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final RunSettings settings;
    private final InstantSource clock;

    public SyncParts(
            MirroredResources mirrored,
            Register register,
            List<Source> sources,
            Pace pace,
            RunSettings settings,
            InstantSource clock) {
        this.mirrored = mirrored;
        this.register = register;
        this.settings = settings;
        this.clock = clock;
        sources.forEach(source -> upstreams.put(source.name(), new Upstream(source, pace)));
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

    /** All sources. */
    public List<Source> sources() {
        return upstreams.values().stream().map(Upstream::source).toList();
    }
}
