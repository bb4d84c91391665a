import { Component, type ReactNode } from 'react';
import { reloadForMissingFile } from './missing-files';

interface ErrorBoundaryProps {
  /** The address of the page. Another page gets another chance. */
  path?: string;
  fallback: ReactNode;
  /** Shown until it is known whether a reload helps. */
  loading: ReactNode;
  children: ReactNode;
}

type State = { outcome: 'rendered' | 'checking' | 'failed' };

/** Shows its fallback when rendering fails, unless a reload may help because a file of the app is missing. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  state: State = { outcome: 'rendered' };

  static getDerivedStateFromError(): State {
    return { outcome: 'checking' };
  }

  async componentDidCatch() {
    if (!(await reloadForMissingFile())) this.setState({ outcome: 'failed' });
  }

  componentDidUpdate({ path }: ErrorBoundaryProps) {
    if (path !== this.props.path && this.state.outcome !== 'rendered') this.setState({ outcome: 'rendered' });
  }

  render() {
    const { outcome } = this.state;
    if (outcome === 'rendered') return this.props.children;
    return outcome === 'checking' ? this.props.loading : this.props.fallback;
  }
}
