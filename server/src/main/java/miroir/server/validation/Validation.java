package miroir.server.validation;

import java.util.Iterator;
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
 * have, for good; where that would be too much of it, validation is refused and nothing is loaded. A few validate at once, others wait
 * for their turn. Each has a thread of its own and is waited for until its deadline. Who takes longer is told so, and keeps the turn
 * until it has really ended: what cannot be stopped cannot become more either.
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

    private final ValidationConfiguration configuration;
    private final WorkingMemory memory;
    private final @Nullable MakeValidator makeValidator;
    private final Semaphore turns;

    /** Guarded by this. */
    private @Nullable ResourceValidator loaded;

    /** With the validator that is installed, if any is. */
    public Validation(ValidationConfiguration configuration, WorkingMemory memory) {
        this(configuration, memory, installed());
    }

    Validation(ValidationConfiguration configuration, WorkingMemory memory, @Nullable MakeValidator makeValidator) {
        this.configuration = configuration;
        this.memory = memory;
        this.makeValidator = makeValidator;
        this.turns = new Semaphore(configuration.concurrent(), true);
    }

    private static @Nullable MakeValidator installed() {
        Iterator<MakeValidator> found = ServiceLoader.load(MakeValidator.class, Validation.class.getClassLoader())
                .iterator();
        return found.hasNext() ? found.next() : null;
    }

    /** Whether there is a validator and it may be used. */
    public boolean isOffered() {
        return configuration.enabled() && makeValidator != null;
    }

    /** Returns if it is offered. */
    public void requireOffered() {
        offered();
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
        takeTurn(deadline);
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread worker = new Thread(
                null,
                () -> {
                    try {
                        outcome.complete(withMemory(bytes, deadline, () -> work.apply(validator(make, deadline))));
                    } catch (Throwable failure) {
                        outcome.completeExceptionally(failure);
                    } finally {
                        turns.release();
                    }
                },
                "validate",
                STACK);
        worker.setDaemon(true);
        worker.start();
        return await(outcome, deadline);
    }

    private <T> T withMemory(long bytes, Deadline deadline, Supplier<T> work) {
        WorkingMemory.Held held = memory.forBody(TIMES_OF_A_BODY * bytes, deadline);
        try {
            return work.get();
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
        if (!configuration.enabled()) {
            throw notOffered("it is turned off (validation.enabled in server.yaml)");
        }
        if (makeValidator == null) {
            throw notOffered("the validator is an optional part, which is not installed (docs/api/validate.md)");
        }
        return makeValidator;
    }

    private static Refusal notOffered(String why) {
        return new Refusal(Refusal.Reason.NOT_SUPPORTED, "$validate is not offered by this server: " + why);
    }

    private void takeTurn(Deadline deadline) {
        try {
            if (turns.getQueueLength() >= MOST_WAIT
                    || !turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "others are validating at this moment (validation.concurrent in server.yaml): try again");
            }
        } catch (InterruptedException e) {
            throw stops();
        }
    }

    private <T> T await(CompletableFuture<T> outcome, Deadline deadline) {
        try {
            return outcome.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "there was not enough time (validation.timeout in server.yaml): the validator is loaded when it is first"
                            + " needed, or the resource is too large to be validated in that time");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            throw stops();
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof StackOverflowError) {
            return new Refusal(Refusal.Reason.TOO_LARGE, "the resource nests too deep to be validated");
        }
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
        if (found == null) {
            long start = System.nanoTime();
            WorkingMemory.Held held = memory.forGood(MODELS, deadline);
            try {
                found = make.run(configuration.packages());
            } catch (RuntimeException e) {
                held.close();
                throw e;
            }
            loaded = found;
            LOG.info(
                    "the validator was loaded in {} ms, with {} profiles of packages",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    found.profiles().size());
        }
        return found;
    }
}
