import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { readMoment } from '../../protocol/moment.ts';
import { EnrolPage } from '../home/EnrolPage.tsx';
import { LobbyPage } from '../lobby/LobbyPage.tsx';
import { PostPage } from '../post/PostPage.tsx';
import { ProfilePage } from '../profile/ProfilePage.tsx';
import { ProjectPage } from '../projects/ProjectPage.tsx';
import { ProjectsPage } from '../projects/ProjectsPage.tsx';
import { SearchPage } from '../search/SearchPage.tsx';
import { StagePage } from '../stage/StagePage.tsx';
import { HomePage } from './HomePage.tsx';
import { NotFound } from './NotFound.tsx';
import { RouteProblem } from './RouteProblem.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: RouteProblem,
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const profile = createRoute({
  getParentRoute: () => root,
  path: '/u/$handle',
  component: function Profile() {
    return <ProfilePage handle={profile.useParams().handle} />;
  },
});

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  component: ProjectsPage,
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/p/$projectId',
  component: function Project() {
    return <ProjectPage projectId={project.useParams().projectId} />;
  },
});

const recordings = createRoute({
  getParentRoute: () => root,
  path: '/recordings',
  // Guests never see it, so it is no part of what they load.
  component: lazyRouteComponent(() => import('../recordings/RecordingsPage.tsx'), 'RecordingsPage'),
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: ({ q, only }: Record<string, unknown>): { q?: string; only?: 'replays' } => ({
    // A search for a number is read as one.
    ...(q !== undefined && { q: String(q).slice(0, 200) }),
    ...(only === 'replays' && { only }),
  }),
  component: function Search() {
    const { q, only } = search.useSearch();
    return <SearchPage query={q?.trim() ?? ''} kind={only ?? 'posts'} />;
  },
});

const post = createRoute({
  getParentRoute: () => root,
  path: '/post/$postId',
  component: function Post() {
    const { postId } = post.useParams();
    return <PostPage key={postId} postId={postId} />;
  },
});

const room = createRoute({
  getParentRoute: () => root,
  path: '/room/$roomId',
  component: function Room() {
    return <StagePage roomId={room.useParams().roomId} />;
  },
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$roomId',
  component: function Join() {
    const { roomId } = join.useParams();
    return <LobbyPage key={roomId} roomId={roomId} />;
  },
});

const enrol = createRoute({ getParentRoute: () => root, path: '/enrol', component: EnrolPage });

// Who only reads feeds and joins rooms does not load the player.
const Replay = lazyRouteComponent(() => import('../replay/ReplayPage.tsx'), 'ReplayPage');
const Watch = lazyRouteComponent(() => import('../watch/WatchPage.tsx'), 'WatchPage');

const replay = createRoute({
  getParentRoute: () => root,
  path: '/replay/$roomId',
  validateSearch: ({
    post,
    recording,
    t,
  }: Record<string, unknown>): { post?: string; recording?: string; t?: number } => {
    const at = readMoment(t);
    return {
      ...(typeof post === 'string' && { post }),
      ...(typeof recording === 'string' && { recording }),
      ...(at !== undefined && { t: at }),
    };
  },
  component: function ReplayRoute() {
    const { roomId } = replay.useParams();
    const { post, recording, t } = replay.useSearch();
    return (
      <Replay
        key={`${roomId} ${recording} ${t}`}
        {...{ roomId, postId: post, recordingId: recording, startS: t }}
      />
    );
  },
});

const watch = createRoute({
  getParentRoute: () => root,
  path: '/watch/$roomId',
  component: function WatchRoute() {
    const { roomId } = watch.useParams();
    return <Watch key={roomId} roomId={roomId} />;
  },
});

/** The window's routes over the browser's own history; made once per window. */
export function createStudioRouter() {
  return createRouter({
    routeTree: root.addChildren([
      home,
      profile,
      projects,
      project,
      recordings,
      search,
      post,
      room,
      join,
      enrol,
      replay,
      watch,
    ]),
    history: createBrowserHistory(),
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createStudioRouter>;
  }
}
