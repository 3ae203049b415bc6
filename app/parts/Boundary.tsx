import {Component, type ReactNode} from "react";
import {Band} from "./Band.tsx";

interface BoundaryProps {
  /** What is inside, as the beginning of a sentence: "The heat map". */
  readonly what: string;
  readonly children: ReactNode;
}

const UNLOADED = /dynamically imported module|Importing a module script failed|preload CSS/i; // what Chromium, Firefox, Safari and Vite say

/** Keeps what breaks inside from taking the rest of the page with it, and says what broke. A change of its `key` tries anew. */
export class Boundary extends Component<BoundaryProps, {readonly error?: Error}> {
  override state: {readonly error?: Error} = {};

  static getDerivedStateFromError(error: unknown): {readonly error: Error} {
    return {error: error instanceof Error ? error : new Error(String(error))};
  }

  override render(): ReactNode {
    const {error} = this.state;
    const {what, children} = this.props;
    if (!error) return children;
    if (UNLOADED.test(error.message)) {
      const text = `${what} could not be loaded: the server does not answer, or is newer than this page`;
      return <Band tone="error" text={text} action={{label: "Reload", run: () => location.reload()}} />;
    }
    const again = {label: "Try again", run: () => this.setState({error: undefined})};
    return <Band tone="error" text={`${what} cannot be shown: ${error.message}`} action={again} />;
  }
}
