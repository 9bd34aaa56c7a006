package org.ringslice.testing;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Prints which test was skipped, and why: the build's own report only counts them. Found by JUnit
 * through {@code META-INF/services}.
 */
public final class SkipReporter implements TestExecutionListener {
  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    print(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      print(test, result.getThrowable().map(Throwable::getMessage).orElse(null));
    }
  }

  private static void print(TestIdentifier test, String reason) {
    String name = test.getSource().map(SkipReporter::name).orElse(test.getDisplayName());
    System.out.println("SKIPPED " + name + ": " + (reason == null ? "no reason given" : reason));
  }

  private static String name(TestSource source) {
    if (source instanceof MethodSource method) {
      return method.getClassName() + "." + method.getMethodName();
    }
    return source instanceof ClassSource type ? type.getClassName() : source.toString();
  }
}
