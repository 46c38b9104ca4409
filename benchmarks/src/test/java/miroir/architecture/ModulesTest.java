package miroir.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which module may use what: arrows point one way, and each technology has one home. */
@Tag("source")
class ModulesTest {
    private static final JavaClasses MAIN = CompiledModules.main();

    @Test
    void modules_all_areThere() {
        assertThat(MAIN.stream().map(type -> type.getPackageName().split("\\.", -1)[1]))
                .contains("index", "storage", "server", "sync", "sql", "simulator");
    }

    @Test
    void indexEngine_asAWhole_isPure() {
        classes()
                .that()
                .resideInAPackage("miroir.index..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "miroir.index..",
                        "java..",
                        "javax.xml.stream..",
                        "org.bson..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core..",
                        "org.snakeyaml.engine..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("miroir.index..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "java.nio.file..", "java.nio.channels..", "java.sql..")
                .check(MAIN);
    }

    @Test
    void storage_asAWhole_usesOnlyTheIndexEngine() {
        noClasses()
                .that()
                .resideInAPackage("miroir.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "miroir.server..",
                        "miroir.sync..",
                        "miroir.sql..",
                        "miroir.simulator..",
                        "miroir.benchmarks..",
                        "ca.uhn..")
                .check(MAIN);
    }

    @Test
    void executables_serverAndDaemon_meetOnlyInTheDatabase() {
        noClasses()
                .that()
                .resideInAPackage("miroir.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("miroir.sync..", "miroir.sql..", "miroir.simulator..", "miroir.benchmarks..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("miroir.sync..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("miroir.server..", "miroir.sql..", "miroir.simulator..", "miroir.benchmarks..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("miroir.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("miroir.server..", "miroir.sync..", "miroir.simulator..", "miroir.benchmarks..")
                .check(MAIN);
    }

    /** The time of the database that a page was read at is that of its thread: what another thread read would be of another time, unseen. */
    @Test
    void pages_all_areReadInOneThread() {
        noClasses()
                .that()
                .haveNameMatching(
                        "miroir\\.server\\.fhir\\.(?!FollowStreams).*|miroir\\.storage\\.(Select|Find|Read|Count|Walk|Ordered|Matches|Shown).*")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(CompletionStage.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadFactory.class)
                .orShould()
                .callMethodWhere(describe("makes streams parallel", call -> isParallel(call.getName())))
                .check(MAIN);
    }

    private static boolean isParallel(String method) {
        return method.equals("parallel") || method.equals("parallelStream");
    }

    /** Who makes a caller decides what he may do, and that is {@code Decide}; for what is done after a request was answered, who knows on whose behalf it is. */
    @Test
    void callers_ofTheStore_areMadeWhereItIsDecided() {
        only("miroir.server.pipeline.Decide", "miroir.server.subscriptions.Owners", "miroir.server.export.Asked")
                .should()
                .callConstructor(Caller.class, String.class, Scope.class, Scope.class, Scope.class)
                .orShould()
                .callConstructor(Caller.class, String.class, Scope.class, Scope.class, Scope.class, String.class)
                .check(MAIN);
        only("miroir.server.pipeline.Decide")
                .should()
                .callMethodWhere(isOf("miroir.server.pipeline.Exchange", "decided"))
                .check(MAIN);
    }

    /** Of the server, only what it does for itself, and for another server that has decided, is done on everyone's behalf. */
    @Test
    void everyone_asACaller_isNobodyWhoSentARequest() {
        only(
                        "miroir.server.pipeline.Exchange",
                        "miroir.server.reports.ReportPages",
                        "miroir.server.subscriptions.ByServer",
                        "miroir.server.validation.DefinitionsInStore")
                .should()
                .callMethod(Caller.class, "everyone")
                .check(MAIN);
        only("miroir.server.fhir.HostedRequest")
                .should()
                .callMethodWhere(isOf("miroir.server.pipeline.Exchange", "hosted"))
                .check(MAIN);
        only("miroir.server.fhir.CheckParameter", "miroir.server.subscriptions.AcceptSubscriptions")
                .should()
                .callMethod(Caller.class, "seeingEverything")
                .check(MAIN);
    }

    /** What somebody may do follows from what he has shown. */
    @Test
    void rights_ofWhoAsks_areMadeWhereHeIsKnown() {
        only(
                        "miroir.server.pipeline.Authentication",
                        "miroir.server.pipeline.Exchange",
                        "miroir.server.pipeline.Rights")
                .should()
                .callMethodWhere(isOf("miroir.server.pipeline.Rights", "all", "writing", "reading"))
                .orShould()
                .callConstructorWhere(describe(
                        "makes rights",
                        call -> call.getTargetOwner().getName().equals("miroir.server.pipeline.Rights")))
                .check(MAIN);
    }

    /** No class of the server but these. */
    private static GivenClassesConjunction only(String... names) {
        return noClasses()
                .that()
                .resideInAPackage("miroir.server..")
                .and(describe(
                        "are not " + String.join(", ", names),
                        type -> !List.of(names).contains(type.getName())));
    }

    private static DescribedPredicate<JavaMethodCall> isOf(String owner, String... methods) {
        return describe(
                "calls " + owner + "." + String.join(", ", methods),
                call -> call.getTargetOwner().getName().equals(owner)
                        && List.of(methods).contains(call.getName()));
    }

    @Test
    void simulator_asAWhole_usesOnlyTheIndexEngine() {
        noClasses()
                .that()
                .resideInAPackage("miroir.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("miroir.storage..", "miroir.server..", "miroir.sync..", "miroir.benchmarks..")
                .check(MAIN);
    }

    /** The benchmarks compare with a bare driver and a bare servlet. */
    @Test
    void mongoDriver_outsideOfStorage_isNotUsed() {
        noClasses()
                .that()
                .resideOutsideOfPackages("miroir.storage..", "miroir.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.mongodb..")
                .check(MAIN);
    }

    /** Other databases have one home as well. */
    @Test
    void jdbc_outsideOfCopies_isNotUsed() {
        noClasses()
                .that()
                .resideOutsideOfPackage("miroir.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.sqlite..")
                .check(MAIN);
    }

    @Test
    void hapiServer_outsideOfServer_isNotUsed() {
        noClasses()
                .that()
                .resideOutsideOfPackages("miroir.server..", "miroir.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ca.uhn.fhir.rest.server..")
                .check(MAIN);
    }

    @Test
    void packages_all_dependOnEachOtherWithoutCycle() {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(MAIN);
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
