package miroir.server.validation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ValidationConfiguration;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The validator, which is loaded when it is first needed.
 *
 * <p>The problem: its models take a good part of a small heap, its work takes a processor for as long as it likes, and nothing
 * can stop it. Nobody who does not validate should notice that it is there.
 *
 * <p>The approach: the first request has it found and loaded. The memory that its models take is taken from what large pages and bodies
 * have, for good; where that would be too much of it, validation is not offered. What fails to load is not tried again for a while. A few validate at once, others wait
 * for their turn. Each has a thread of its own and is waited for until its deadline. Who takes longer is told so, and the thread is interrupted, which
 * the validator heeds at the next element. One that does not heed it, as it is in some endless loop, leaves its turn to others all the same; but only a
 * few do, and the next ones keep it until they have really ended: what cannot be stopped cannot become more either.
 *
 * <p>Whoever waits for a turn holds no memory, and who has one takes that for the models before that for the resource, which is one amount:
 * so nobody waits for memory that somebody holds who waits for more.
 */
public final class Validation {
    private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

    /** What the models of R4 take, with those that are made of them in the course of time; measured, see docs/adr/0028. */
    private static final long MODELS = 230L << 20;

    /** How many times as much as any body needs a resource may take while it is validated. */
    private static final int TIMES_OF_A_BODY = 10;

    /** For resources that nest as deep as is allowed. */
    private static final long STACK = 8L << 20;

    private static final int MOST_WAIT = 8;

    /** How long nobody tries again to load what could not be loaded. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final ValidationConfiguration configuration;
    private final WorkingMemory memory;
    private final StoredDefinitions stored;
    private final @Nullable MakeValidator makeValidator;
    private final Semaphore turns;

    /** For those that have left their turn and have not ended. */
    private final Semaphore overdue;

    private final boolean hasRoom;

    /** Guarded by this. */
    private @Nullable ResourceValidator loaded;

    /** Until when nobody tries again; guarded by this. */
    private @Nullable Deadline pause;

    /** With the validator that is installed, if any is. */
    public Validation(ValidationConfiguration configuration, WorkingMemory memory, StoredDefinitions stored) {
        this(configuration, memory, stored, installed());
    }

    Validation(
            ValidationConfiguration configuration,
            WorkingMemory memory,
            StoredDefinitions stored,
            @Nullable MakeValidator makeValidator) {
        this.configuration = configuration;
        this.memory = memory;
        this.stored = stored;
        this.makeValidator = makeValidator;
        this.turns = new Semaphore(configuration.concurrent(), true);
        this.overdue = new Semaphore(configuration.overdue());
        this.hasRoom = memory.canSpare(MODELS);
        if (configuration.enabled() && makeValidator != null) {
            configuration.packages().forEach(Validation::requireReadable);
        }
    }

    /** Whoever mistyped a path is told at the start, and not by the first request. */
    private static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ConfigurationRefused("validation.packages", file + " is no file that can be read");
        }
    }

    private static @Nullable MakeValidator installed() {
        Iterator<MakeValidator> found = ServiceLoader.load(MakeValidator.class, Validation.class.getClassLoader())
                .iterator();
        return found.hasNext() ? found.next() : null;
    }

    /** Whether resources may be validated here, and be it by their structure alone. */
    public boolean isOffered() {
        return configuration.enabled();
    }

    /** Why there is no validator that looks at more than structure; empty where there is one. */
    public Optional<String> whyByStructureOnly() {
        if (makeValidator == null) {
            return Optional.of("the validator is an optional part, which is not installed (docs/api/validate.md)");
        }
        return hasRoom
                ? Optional.empty()
                : Optional.of("the heap of this server is too small for the validator, which takes "
                        + (WorkingMemory.heapThatSpares(MODELS) >> 20) + " MB of it to be used (-Xmx)");
    }

    /** Returns if it is offered. */
    public void requireOffered() {
        if (!configuration.enabled()) {
            throw notOffered("it is turned off (validation.enabled in server.yaml)");
        }
    }

    /**
     * Does this with the validator in a thread of its own, when it is its turn.
     *
     * @param bytes of the resource, as JSON
     */
    public <T> T run(long bytes, Function<ResourceValidator, T> work) {
        MakeValidator make = offered();
        refuseTooLarge(bytes);
        Deadline deadline = Deadline.in(configuration.timeout());
        Turn turn = takeTurn(deadline);
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread worker = new Thread(
                null,
                () -> {
                    try {
                        ResourceValidator validator = validator(make, deadline);
                        outcome.complete(validated(bytes, deadline, () -> turn.take(() -> work.apply(validator))));
                    } catch (Throwable failure) {
                        outcome.completeExceptionally(failure);
                    } finally {
                        turn.end();
                    }
                },
                "validate",
                STACK);
        worker.setDaemon(true);
        start(worker, turn);
        return await(outcome, turn, deadline);
    }

    /** Where the system gives no more threads the turn is somebody else's. */
    private static void start(Thread worker, Turn turn) {
        boolean started = false;
        try {
            worker.start();
            started = true;
        } finally {
            if (!started) {
                turn.end();
            }
        }
    }

    /** Of one validation. */
    private final class Turn {
        /** While it validates and may be interrupted; nothing else may be. Guarded by this. */
        private @Nullable Thread validating;

        /** Guarded by this. */
        private boolean isOver;

        /** Guarded by this. */
        private boolean isLeft;

        <T> T take(Supplier<T> work) {
            begin();
            try {
                return work.get();
            } finally {
                synchronized (this) {
                    validating = null;
                }
            }
        }

        /** Nobody waits any more for one that had to wait for the validator to be loaded. */
        private synchronized void begin() {
            if (isOver) {
                throw tooLong();
            }
            validating = Thread.currentThread();
        }

        /** Its time is over. What loads the validator is left alone: others need it too. */
        synchronized void isTooLong() {
            isOver = true;
            if (validating != null) {
                validating.interrupt();
                if (overdue.tryAcquire()) {
                    isLeft = true;
                    turns.release();
                }
            }
        }

        synchronized void end() {
            (isLeft ? overdue : turns).release();
        }
    }

    private <T> T validated(long bytes, Deadline deadline, Supplier<T> work) {
        WorkingMemory.Held held = memory.forBody(TIMES_OF_A_BODY * bytes, deadline);
        try {
            return work.get();
        } catch (StackOverflowError e) {
            throw new Refusal(Refusal.Reason.TOO_LARGE, "the resource nests too deep to be validated");
        } finally {
            held.close();
        }
    }

    private void refuseTooLarge(long bytes) {
        if (bytes > configuration.body()) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the resource has " + bytes + " bytes as JSON; at most " + configuration.body()
                            + " are validated (validation.body in server.yaml)");
        }
    }

    private MakeValidator offered() {
        requireOffered();
        whyByStructureOnly().ifPresent(why -> {
            throw notOffered(why);
        });
        return Objects.requireNonNull(makeValidator);
    }

    private static Refusal notOffered(String why) {
        return new Refusal(Refusal.Reason.NOT_SUPPORTED, "$validate is not offered by this server: " + why);
    }

    /** How many wait for their turn. */
    int waiting() {
        return turns.getQueueLength();
    }

    private Turn takeTurn(Deadline deadline) {
        try {
            if (waiting() >= MOST_WAIT || !turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                int left = configuration.overdue() - overdue.availablePermits();
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "others are validating at this moment (validation.concurrent in server.yaml)"
                                + (left > 0 ? ", and " + left + " that did not end in time still do" : "")
                                + ": try again");
            }
            return new Turn();
        } catch (InterruptedException e) {
            throw stops();
        }
    }

    private static <T> T await(CompletableFuture<T> outcome, Turn turn, Deadline deadline) {
        try {
            return outcome.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            turn.isTooLong();
            throw tooLong();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            turn.isTooLong();
            throw stops();
        }
    }

    private static Refusal tooLong() {
        return new Refusal(
                Refusal.Reason.TOO_COSTLY,
                "there was not enough time (validation.timeout in server.yaml): the validator is loaded when it is first"
                        + " needed, or the resource is too large to be validated in that time");
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("the validator failed", cause);
    }

    private static Refusal stops() {
        Thread.currentThread().interrupt();
        return new Refusal(Refusal.Reason.NOT_READY, "the server stops");
    }

    private synchronized ResourceValidator validator(MakeValidator make, Deadline deadline) {
        ResourceValidator found = loaded;
        if (found != null) {
            return found;
        }
        if (pause != null && !pause.remaining().isNegative()) {
            throw notLoaded();
        }
        if (!memory.canSpare(MODELS)) {
            LOG.warn("the validator is not loaded: there is no memory left that can be spared for good");
            throw notLoaded();
        }
        WorkingMemory.Held held = memory.forGood(MODELS, deadline);
        try {
            found = load(make);
            loaded = found;
            held.keep();
            return found;
        } finally {
            held.close();
        }
    }

    /** Whatever goes wrong, classes that are not there as well, it is not the resource. */
    private ResourceValidator load(MakeValidator make) {
        long start = System.nanoTime();
        try {
            ResourceValidator made = make.run(configuration, stored);
            LOG.info(
                    "the validator was loaded in {} ms, with {} profiles of packages",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    made.profiles().size());
            return made;
        } catch (Throwable e) {
            pause = Deadline.in(PAUSE);
            LOG.error("the validator could not be loaded; it is not tried again for {} s", PAUSE.toSeconds(), e);
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal;
            }
            throw notLoaded();
        }
    }

    private static Refusal notLoaded() {
        return new Refusal(
                Refusal.Reason.NOT_READY,
                "the validator could not be loaded (the log of the server says why); it is tried again after a minute");
    }
}
