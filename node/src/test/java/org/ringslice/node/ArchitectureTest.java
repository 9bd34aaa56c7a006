package org.ringslice.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;

/**
 * Arrows run one way, and the core is pure: what makes a run of a thousand nodes replay bit for
 * bit.
 */
@AnalyzeClasses(packages = "org.ringslice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String MESSAGES = "org.ringslice.messages..";
  private static final String SYNC = "org.ringslice.sync..";
  private static final String NODE = "org.ringslice.node.";

  private static final String[] PURE = {
    MESSAGES,
    SYNC,
    NODE + "event..",
    NODE + "ring..",
    NODE + "items..",
    NODE + "replica..",
    NODE + "talk..",
    NODE + "core.."
  };

  /** Calls whose result depends on when, where or in which order of hashes they are made. */
  private static final Set<String> IMPURE_CALLS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.identityHashCode",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.util.UUID.randomUUID",
          "java.util.Set.of",
          "java.util.Set.copyOf",
          "java.util.Map.of",
          "java.util.Map.ofEntries",
          "java.util.Map.copyOf",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of",
          "java.util.Collections.shuffle",
          "java.util.stream.Collectors.toSet",
          "java.util.stream.Collectors.toMap",
          "java.util.stream.Collectors.groupingBy",
          "java.util.Collection.parallelStream");

  private static ArchRule only(String part, String... mayUse) {
    String[] known = new String[mayUse.length + 1];
    known[0] = part;
    System.arraycopy(mayUse, 0, known, 1, mayUse.length);
    return noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.ringslice..").and(not(resideInAnyPackage(known))));
  }

  @ArchTest static final ArchRule messagesStandAlone = only(MESSAGES);

  @ArchTest static final ArchRule syncSeesMessages = only(SYNC, MESSAGES);

  @ArchTest static final ArchRule eventSeesSync = only(NODE + "event..", MESSAGES, SYNC);

  @ArchTest
  static final ArchRule ringSeesEvent = only(NODE + "ring..", MESSAGES, SYNC, NODE + "event..");

  @ArchTest
  static final ArchRule itemsSeeRing =
      only(NODE + "items..", MESSAGES, SYNC, NODE + "event..", NODE + "ring..");

  @ArchTest
  static final ArchRule replicaSeesItems =
      only(NODE + "replica..", MESSAGES, SYNC, NODE + "event..", NODE + "ring..", NODE + "items..");

  @ArchTest
  static final ArchRule talkSeesRing =
      only(NODE + "talk..", MESSAGES, SYNC, NODE + "event..", NODE + "ring..");

  @ArchTest
  static final ArchRule coreComposes =
      only(
          NODE + "core..",
          MESSAGES,
          SYNC,
          NODE + "event..",
          NODE + "ring..",
          NODE + "items..",
          NODE + "replica..",
          NODE + "talk..");

  @ArchTest static final ArchRule portSeesEvent = only(NODE + "port..", MESSAGES, NODE + "event..");

  @ArchTest static final ArchRule filesSeePort = only(NODE + "files..", MESSAGES, NODE + "port..");

  @ArchTest
  static final ArchRule zmqSeesPort =
      only(NODE + "zmq..", MESSAGES, NODE + "event..", NODE + "port..");

  @ArchTest
  static final ArchRule mdnsSeesPort =
      only(NODE + "mdns..", MESSAGES, NODE + "event..", NODE + "port..");

  @ArchTest
  static final ArchRule storeSeesPort =
      only(NODE + "store..", MESSAGES, SYNC, NODE + "event..", NODE + "port..");

  @ArchTest
  static final ArchRule folderSeesPort =
      only(NODE + "folder..", MESSAGES, NODE + "event..", NODE + "port..");

  @ArchTest
  static final ArchRule onlyToolsSeeTheSimulator =
      noClasses()
          .that()
          .resideOutsideOfPackages(NODE + "sim..", "org.ringslice.tools..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(NODE + "sim..");

  @ArchTest static final ArchRule onlyZmqNamesZeroMq = named("org.zeromq..", NODE + "zmq..");

  @ArchTest static final ArchRule onlyZmqNamesItsInsides = named("zmq..", NODE + "zmq..");

  @ArchTest static final ArchRule onlyMdnsNamesJmDns = named("javax.jmdns..", NODE + "mdns..");

  @ArchTest static final ArchRule onlyStoreNamesRocksDb = named("org.rocksdb..", NODE + "store..");

  private static ArchRule named(String library, String room) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  @ArchTest
  static final ArchRule pureCodeTouchesNoWorld =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.net..",
                      "java.nio.file..",
                      "java.nio.channels..",
                      "java.util.concurrent..",
                      "java.lang.ref..",
                      "org.slf4j..")
                  .or(assignableTo(Thread.class))
                  .or(assignableTo(Random.class))
                  .or(name("java.io.File"))
                  .or(name("java.io.RandomAccessFile"))
                  .or(name("java.io.FileInputStream"))
                  .or(name("java.io.FileOutputStream"))
                  .or(name("java.lang.Runtime")));

  @ArchTest
  static final ArchRule pureCodeHasNoHashOrder =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              assignableTo(HashMap.class)
                  .or(assignableTo(HashSet.class))
                  .or(assignableTo(IdentityHashMap.class)));

  @ArchTest
  static final ArchRule pureCodeAsksNoClockAndNoChance =
      noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(impure());

  private static DescribedPredicate<JavaAccess<?>> impure() {
    return new DescribedPredicate<>("the clock, the environment, chance or hash order") {
      @Override
      public boolean test(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return IMPURE_CALLS.contains(target.getOwner().getName() + "." + target.getName());
      }
    };
  }

  @ArchTest
  static final ArchRule namesSaySomething =
      noClasses().should().haveNameMatching(".*(Utils?|Helper|Impl|Manager)$");
}
